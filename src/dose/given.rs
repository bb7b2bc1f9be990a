use super::order::Order;
use super::steps::{DoseStep, DoseSteps};
use crate::vitals::{Decimal, Millis};

const MINUTE_MS: f64 = 60_000.0;

/// What has been given up to some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    /// mg; never more than ordered and given by hand, since the bag holds no more.
    pub mg: f64,
    /// mL of the bag, when the order says its volume.
    pub ml: Option<f64>,
    /// mg/kg, when the order says the weight.
    pub mg_per_kg: Option<f64>,
    /// The share of the order, 0 to 1, or more when doses were added.
    pub of_order: Option<f64>,
    /// The rate now, mg a minute; none while nothing runs.
    pub mg_min: Option<f64>,
    /// The pump's rate now, mL/h; none while nothing runs.
    pub rate_ml_h: Option<f64>,
    /// When the bag is empty if nothing changes; none while nothing runs.
    pub ends_at: Option<Millis>,
    /// When the bag was empty.
    pub emptied_at: Option<Millis>,
}

impl DoseSteps {
    /// What has been given up to `now`: the integral of the rates that staff recorded. `None` when
    /// that cannot be known: no order, or a rate in a unit that says nothing of the dose.
    #[must_use]
    pub fn given(&self, order: &Order, now: Millis) -> Option<Given> {
        if self.is_incomplete {
            return None;
        }
        let ordered = order.mg?.as_f64();
        let mg_per_ml = order.mg_per_ml();
        let planned = order.minutes.map(Decimal::as_f64).filter(|m| *m > 0.0).map(|m| ordered / m);
        let mut bag = Bag { left: ordered, emptied_at: None };
        let mut by_hand = 0.0;
        let mut rate = planned;
        let mut is_running = false;
        let mut since = now;
        for dated in self.steps.iter().filter(|dated| dated.at <= now) {
            if is_running {
                bag.run(rate?, since, dated.at);
            }
            since = dated.at;
            match dated.step {
                DoseStep::Start | DoseStep::Resume => is_running = true,
                DoseStep::Pause | DoseStep::Stop => is_running = false,
                DoseStep::Rate(given) => rate = given.and_then(|rate| rate.mg_min(mg_per_ml)),
                DoseStep::Dose(mg) => by_hand += mg.as_f64(),
            }
        }
        if is_running {
            bag.run(rate?, since, now);
        }
        let runs_at = rate.filter(|rate| is_running && *rate > 0.0 && bag.left > 0.0);
        let of_bag = ordered - bag.left;
        // A spray's devices are the order itself; a bolus comes on top of the bag.
        let mg = of_bag + by_hand;
        let weight = order.weight_kg.map(Decimal::as_f64).filter(|kg| *kg > 0.0);
        Some(Given {
            mg,
            ml: mg_per_ml.map(|per_ml| of_bag / per_ml),
            mg_per_kg: weight.map(|kg| mg / kg),
            of_order: (ordered > 0.0).then(|| mg / ordered),
            mg_min: runs_at,
            rate_ml_h: runs_at.zip(mg_per_ml).map(|(rate, per_ml)| rate / per_ml * 60.0),
            ends_at: runs_at.map(|rate| now.plus((bag.left / rate * MINUTE_MS).round() as i64)),
            emptied_at: bag.emptied_at,
        })
    }
}

struct Bag {
    /// mg.
    left: f64,
    emptied_at: Option<Millis>,
}

impl Bag {
    fn run(&mut self, mg_min: f64, from: Millis, to: Millis) {
        let wanted = mg_min * to.since(from).max(0) as f64 / MINUTE_MS;
        // A millionth is rounding, not drug.
        if wanted < self.left - 1e-6 {
            self.left -= wanted;
            return;
        }
        if self.emptied_at.is_none() && mg_min > 0.0 {
            self.emptied_at = Some(from.plus((self.left / mg_min * MINUTE_MS).round() as i64));
        }
        self.left = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Rate, RateUnit};
    use super::*;

    const MINUTE: i64 = 60_000;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn order() -> Order {
        let [mg, ml, minutes, weight] = ["35", "50", "40", "70"].map(|text| Some(number(text)));
        Order { mg, ml, minutes, weight_kg: weight, ..Order::default() }
    }

    fn at(minute: i64) -> Millis {
        Millis(1_790_000_000_000 + minute * MINUTE)
    }

    fn steps(all: &[(i64, DoseStep)]) -> DoseSteps {
        let mut steps = DoseSteps::default();
        for (n, (minute, step)) in (1..).zip(all) {
            steps.add(n, at(*minute), *step);
        }
        steps
    }

    fn given(all: &[(i64, DoseStep)], minute: i64) -> Given {
        steps(all).given(&order(), at(minute)).unwrap()
    }

    fn ml_h(value: &str) -> DoseStep {
        DoseStep::Rate(Some(Rate { value: number(value), unit: RateUnit::MlPerHour }))
    }

    #[track_caller]
    fn is_near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-6, "{value} for {expected}");
    }

    #[test]
    fn an_untouched_infusion_gives_its_order_evenly() {
        let half = given(&[(0, DoseStep::Start)], 20);
        is_near(half.mg, 17.5);
        is_near(half.ml.unwrap(), 25.0);
        is_near(half.mg_per_kg.unwrap(), 0.25);
        is_near(half.of_order.unwrap(), 0.5);
        is_near(half.rate_ml_h.unwrap(), 75.0);
        assert_eq!(half.ends_at, Some(at(40)));
    }

    #[test]
    fn a_pause_gives_nothing_and_moves_the_end() {
        let all = [(0, DoseStep::Start), (20, DoseStep::Pause), (30, DoseStep::Resume)];
        let held = given(&all[..2], 29);
        is_near(held.mg, 17.5);
        assert_eq!((held.rate_ml_h, held.ends_at), (None, None));
        let after = given(&all, 40);
        is_near(after.mg, 26.25);
        assert_eq!(after.ends_at, Some(at(50)));
    }

    #[test]
    fn a_halved_rate_doubles_what_is_left_of_the_time() {
        let all = [(0, DoseStep::Start), (20, ml_h("37.5"))];
        let halved = given(&all, 30);
        is_near(halved.mg, 17.5 + 4.375);
        assert_eq!(halved.ends_at, Some(at(60)));
    }

    #[test]
    fn the_bag_is_empty_when_its_dose_is_given_also_if_nobody_stops() {
        let late = given(&[(0, DoseStep::Start)], 47);
        is_near(late.mg, 35.0);
        assert_eq!((late.rate_ml_h, late.ends_at), (None, None));
        assert_eq!(late.emptied_at, Some(at(40)));
        let early = given(&[(0, DoseStep::Start), (25, DoseStep::Stop)], 60);
        is_near(early.mg, 21.875);
        assert_eq!(early.emptied_at, None);
    }

    #[test]
    fn a_bolus_comes_on_top() {
        let all = [(0, DoseStep::Start), (10, DoseStep::Dose(number("5")))];
        is_near(given(&all, 40).mg, 40.0);
        is_near(given(&all, 40).ml.unwrap(), 50.0);
    }

    #[test]
    fn what_was_entered_late_counts_from_when_it_was_done() {
        let all = [(0, DoseStep::Start), (30, DoseStep::Stop), (20, DoseStep::Pause)];
        is_near(given(&all, 40).mg, 17.5);
    }

    #[test]
    fn a_withdrawn_entry_counts_as_if_it_had_never_been_made() {
        let mut steps = steps(&[(0, DoseStep::Start), (10, ml_h("150"))]);
        is_near(steps.given(&order(), at(15)).unwrap().mg, 8.75 + 8.75);
        steps.withdraw(2);
        is_near(steps.given(&order(), at(15)).unwrap().mg, 13.125);
    }

    #[test]
    fn a_rate_in_a_unit_that_says_nothing_leaves_the_dose_unknown() {
        let all = [(0, DoseStep::Start), (10, DoseStep::Rate(None))];
        assert_eq!(steps(&all).given(&order(), at(15)), None);
        is_near(steps(&all).given(&order(), at(9)).unwrap().mg, 7.875);
    }

    #[test]
    fn steps_beyond_their_bound_leave_the_dose_unknown_and_are_not_kept() {
        let mut steps = steps(&[(0, DoseStep::Start)]);
        for n in 2..=super::super::MOST_STEPS as u32 {
            steps.add(n, at(1), ml_h("75"));
        }
        assert!(steps.given(&order(), at(2)).is_some());
        steps.add(999, at(2), ml_h("75"));
        assert_eq!(steps.given(&order(), at(2)), None);
        assert_eq!(steps.steps.len(), super::super::MOST_STEPS);
    }

    #[test]
    fn sprays_are_the_order_itself() {
        let order = Order { mg: Some(number("84")), ..Order::default() };
        let all = [(0, DoseStep::Dose(number("28"))), (5, DoseStep::Dose(number("28")))];
        let given = steps(&all).given(&order, at(6)).unwrap();
        is_near(given.mg, 56.0);
        is_near(given.of_order.unwrap(), 56.0 / 84.0);
        assert_eq!(given.ends_at, None);
    }

    #[test]
    fn units_are_read_as_people_write_them() {
        assert_eq!(RateUnit::read("mL / h"), Some(RateUnit::MlPerHour));
        assert_eq!(RateUnit::read("ML/HR"), Some(RateUnit::MlPerHour));
        assert_eq!(RateUnit::read("mg/min"), Some(RateUnit::MgPerMinute));
        assert_eq!(RateUnit::read("drops"), None);
    }
}
