//! Why what staff state, order or give cannot be right, in words that say what would be.

use super::treatment::spray_mg;
use super::{Authority, Event, Medication, Oxygen, Room, Spray};
use crate::dose::{DosePlan, Order};
use crate::gates::{CheckIn, Gate, ItemKind, Screening, Series};
use crate::vitals::Decimal;

/// kg; anything above is a slip of the finger.
const WEIGHT_KG: (i32, i32) = (20, 350);
/// The most treatments of one series.
const MOST_IN_SERIES: u16 = 500;
/// L/min, the most that a flow meter gives.
const MOST_FLOW: i32 = 15;
/// The largest amount of any medicine, in any unit.
const MOST_DOSE: i32 = 100_000;

pub(super) fn refusal_of_stated(stated: &CheckIn) -> Option<String> {
    let (least, most) = WEIGHT_KG;
    if let Some(weight) = stated.weight_kg
        && !(Decimal::whole(least)..=Decimal::whole(most)).contains(&weight)
    {
        return Some(format!("The weight is {least} to {most} kg, got {weight}."));
    }
    let Series { number, of } = stated.series?;
    let last = of.unwrap_or(MOST_IN_SERIES).min(MOST_IN_SERIES);
    let is_there = (1..=last).contains(&number) && of.is_none_or(|of| of <= MOST_IN_SERIES);
    (!is_there).then(|| format!("The number in the series is 1 to {last}, got {number}."))
}

pub(super) fn refusal_of_medication(given: &Medication) -> Option<String> {
    if given.drug.trim().is_empty() {
        return Some("Say which drug was given.".to_owned());
    }
    let is_possible =
        |dose: &Decimal| *dose > Decimal::whole(0) && *dose <= Decimal::whole(MOST_DOSE);
    if given.dose.is_some_and(|dose| !is_possible(&dose)) {
        return Some(format!("A dose is above 0 and at most {MOST_DOSE}."));
    }
    let has_unit = given.unit.as_ref().is_some_and(|unit| !unit.trim().is_empty());
    (given.dose.is_some() && !has_unit).then(|| "Give the unit of the dose, such as mg.".to_owned())
}

pub(super) fn refusal_of_oxygen(given: &Oxygen) -> Option<String> {
    let is_possible = (Decimal::whole(0)..=Decimal::whole(MOST_FLOW)).contains(&given.flow_l_min);
    (!is_possible)
        .then(|| format!("Oxygen is 0 (off) to {MOST_FLOW} L/min, got {}.", given.flow_l_min))
}

impl Room {
    fn plan(&self) -> Option<&DosePlan> {
        self.stay.profile.dose.as_ref()
    }

    pub(super) fn refusal_of_order(&self, order: &Order) -> Option<String> {
        let session = self.stay.session.as_ref()?;
        let Some(plan) = self.plan() else {
            return Some("This profile has no dose to order.".to_owned());
        };
        let order = session.treatment.filled(order, &self.stay.profile);
        let problems = order.problems(plan);
        let words: Vec<_> = problems.into_iter().map(|problem| problem.words).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// A yes that was looked at needs a prescriber.
    pub(super) fn refusal_of_answers(
        &self,
        answered: &Screening,
        authority: Authority,
    ) -> Option<String> {
        let items = || self.stay.profile.gates.iter().flat_map(|gate: &Gate| &gate.items);
        let is_asked = |name: &String| {
            items().any(|item| item.name == *name && matches!(item.kind, ItemKind::Question {}))
        };
        if let Some(unknown) = answered.answers.keys().find(|name| !is_asked(name)) {
            return Some(format!("{unknown} is not one of this profile's questions."));
        }
        (answered.reviewed && authority < Authority::Prescriber).then(|| {
            "A prescriber has to look at a yes: ask one to give their password here, or to do it \
             on their own screen."
                .to_owned()
        })
    }

    /// What is measured cannot be ticked.
    pub(super) fn refusal_of_tick(&self, name: &str) -> Option<String> {
        let mut items = self.stay.profile.gates.iter().flat_map(|gate| &gate.items);
        let Some(item) = items.find(|item| item.name == name) else {
            return Some(format!("{name} is not one of this profile's items."));
        };
        let is_ticked = self.is_second_check(name) || matches!(item.kind, ItemKind::Ticked {});
        (!is_ticked).then(|| format!("{} cannot be ticked: it is measured or stated.", item.text))
    }

    /// Why only an identified person may enter this: of an order and its second check the record
    /// must show that they are two people, which a station's name does not.
    #[must_use]
    pub fn needs_somebody(&self, event: &Event) -> Option<&'static str> {
        match event {
            Event::Order(_) => Some("The order is recorded with the person who enters it."),
            Event::Check { item, over: false } if self.is_second_check(item) => {
                Some("Somebody other than the person who entered the order does the second check.")
            }
            _ => None,
        }
    }

    fn is_second_check(&self, name: &str) -> bool {
        let mut items = self.stay.profile.gates.iter().flat_map(|gate| &gate.items);
        let item = items.find(|item| item.name == name);
        item.is_some_and(
            |item| matches!(&item.kind, ItemKind::Stated(stated) if stated.is_ticked()),
        )
    }

    pub(super) fn refusal_of_bolus(&self, mg: Decimal) -> Option<String> {
        let session = self.stay.session.as_ref()?;
        let ordered = session.treatment.paperwork.order().and_then(|(order, _)| order.mg);
        let most = self.plan().map(|plan| Decimal::trimmed(plan.mg.most));
        let most = ordered.or(most).unwrap_or(Decimal::whole(MOST_DOSE));
        let is_possible = mg > Decimal::whole(0) && mg <= most;
        (!is_possible).then(|| format!("A bolus is above 0 and at most {most} mg, got {mg}."))
    }

    pub(super) fn refusal_of_device(&self, spray: &Spray) -> Option<String> {
        let Some(sprays) = self.plan().and_then(|plan| plan.sprays) else {
            return Some("This profile gives no sprays.".to_owned());
        };
        let device = Decimal::trimmed(sprays.device_mg);
        let mg = spray_mg(spray, &self.stay.profile)?;
        if mg != device {
            return Some(format!(
                "A device holds {device} mg, got {mg}: one entry for each device."
            ));
        }
        let session = self.stay.session.as_ref()?;
        let most = self.plan()?.mg.most;
        let given: f64 = session.treatment.doses.doses().map(|(_, mg)| mg.as_f64()).sum();
        let ordered = session.treatment.paperwork.order().and_then(|(order, _)| order.mg);
        let most = ordered.map_or(most, Decimal::as_f64);
        (given + mg.as_f64() > most + 1e-6).then(|| {
            format!("The dose is {} mg, and all of it has been given.", Decimal::trimmed(most))
        })
    }
}
