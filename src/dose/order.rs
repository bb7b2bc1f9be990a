use serde::{Deserialize, Serialize};

use super::plan::{DosePlan, Range};
use crate::vitals::Decimal;

/// The dose may differ by this share of itself from mg/kg × kg: pharmacies round.
const ROUNDING: f64 = 0.02;

/// What a prescriber ordered. What is left out follows from the rest ([`Order::filled`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The drug; the profile's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drug: Option<String>,
    /// mg a kilogram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mg_per_kg: Option<Decimal>,
    /// Body weight that the dose was computed with, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Decimal>,
    /// The whole dose, mg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mg: Option<Decimal>,
    /// The volume that it is in, mL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ml: Option<Decimal>,
    /// The length over which it is given, minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Decimal>,
    /// Who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_by: Option<String>,
}

/// What is wrong with an order, for the form's field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderProblem {
    /// The field.
    pub field: &'static str,
    /// What is wrong and what is right, a sentence for staff.
    pub words: String,
}

impl Order {
    /// The order with what follows from it: the dose from mg/kg and weight, mg/kg from dose and
    /// weight, the plan's usual volume and length.
    #[must_use]
    pub fn filled(&self, plan: &DosePlan, weight_kg: Option<Decimal>) -> Self {
        let mut order = self.clone();
        order.drug = order.drug.or_else(|| Some(plan.drug.clone()));
        let follows_weight = plan.mg_per_kg.is_some();
        order.weight_kg = order.weight_kg.or(weight_kg.filter(|_| follows_weight));
        let weight = order.weight_kg.map(Decimal::as_f64).filter(|kg| *kg > 0.0);
        if let Some(weight) = weight.filter(|_| follows_weight) {
            let of_weight = order.mg_per_kg.map(|per_kg| per_kg.as_f64() * weight);
            order.mg = order.mg.or(of_weight.map(Decimal::trimmed));
            let per_kg = order.mg.map(|mg| mg.as_f64() / weight);
            order.mg_per_kg = order.mg_per_kg.or(per_kg.map(Decimal::trimmed));
        }
        let usual =
            |range: Option<Range>| range.and_then(|range| range.usual).map(Decimal::trimmed);
        order.ml = order.ml.or_else(|| usual(plan.ml));
        order.minutes = order.minutes.or_else(|| usual(plan.minutes));
        order
    }

    /// What is wrong with a filled order: beyond the plan's bounds, or its numbers contradict each
    /// other.
    #[must_use]
    pub fn problems(&self, plan: &DosePlan) -> Vec<OrderProblem> {
        let mut problems = Vec::new();
        let mut add = |field, words: String| problems.push(OrderProblem { field, words });
        let within = |value: Option<Decimal>, range: Option<Range>| {
            let (value, range) = value.zip(range)?;
            let [least, most] = [range.least, range.most].map(Decimal::trimmed);
            (!range.holds(value.as_f64())).then(|| format!("{least} to {most}, got {value}"))
        };
        if self.drug.as_ref().is_some_and(|drug| !drug.eq_ignore_ascii_case(&plan.drug)) {
            add("drug", format!("This session is for {}: choose another profile.", plan.drug));
        }
        if self.mg.is_none() {
            let needs =
                if plan.mg_per_kg.is_some() { "mg, or mg/kg with the weight" } else { "mg" };
            add("mg", format!("The order needs the dose: {needs}."));
        }
        let checks = [
            ("mg_per_kg", "mg/kg", within(self.mg_per_kg, plan.mg_per_kg)),
            ("mg", "mg", within(self.mg, Some(plan.mg))),
            ("ml", "mL", within(self.ml, plan.ml)),
            ("minutes", "minutes", within(self.minutes, plan.minutes)),
        ];
        for (field, unit, wrong) in checks {
            if let Some(wrong) = wrong {
                add(field, format!("{} is given as {wrong} {unit}.", plan.drug));
            }
        }
        if let (Some(per_kg), Some(weight), Some(mg)) = (self.mg_per_kg, self.weight_kg, self.mg)
            && plan.mg_per_kg.is_some()
        {
            let of_weight = per_kg.as_f64() * weight.as_f64();
            if (mg.as_f64() - of_weight).abs() > ROUNDING * of_weight {
                let right = Decimal::trimmed(of_weight);
                add("mg", format!("{per_kg} mg/kg × {weight} kg is {right} mg, not {mg} mg."));
            }
        }
        if let (Some(mg), Some(sprays)) = (self.mg, plan.sprays)
            && plan.devices_for(mg.as_f64()).is_none()
        {
            let device = Decimal::trimmed(sprays.device_mg);
            add("mg", format!("{mg} mg cannot be given in devices of {device} mg."));
        }
        problems
    }

    /// As staff read it: `35 mg in 50 mL over 40 min`.
    #[must_use]
    pub fn words(&self) -> String {
        let dose = self.mg.map(|mg| format!("{mg} mg"));
        let volume = self.ml.map(|ml| format!("in {ml} mL"));
        let length = self.minutes.map(|minutes| format!("over {minutes} min"));
        [dose, volume, length].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// What the pump is to be set to, mL/h.
    #[must_use]
    pub fn rate_ml_h(&self) -> Option<f64> {
        let (ml, minutes) = (self.ml?.as_f64(), self.minutes?.as_f64());
        (ml > 0.0 && minutes > 0.0).then(|| ml / minutes * 60.0)
    }

    /// mg in one mL.
    #[must_use]
    pub fn mg_per_ml(&self) -> Option<f64> {
        let (mg, ml) = (self.mg?.as_f64(), self.ml?.as_f64());
        (mg > 0.0 && ml > 0.0).then(|| mg / ml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dose::Sprays;

    fn number(text: &str) -> Option<Decimal> {
        Some(text.parse().unwrap())
    }

    fn range(least: f64, usual: f64, most: f64) -> Range {
        Range { least, usual: Some(usual), most }
    }

    fn ketamine() -> DosePlan {
        DosePlan {
            drug: "Ketamine".to_owned(),
            route: "iv".to_owned(),
            mg_per_kg: Some(range(0.1, 0.5, 1.0)),
            mg: range(5.0, 35.0, 150.0),
            ml: Some(range(10.0, 50.0, 500.0)),
            minutes: Some(range(20.0, 40.0, 120.0)),
            sprays: None,
        }
    }

    fn words(order: &Order, plan: &DosePlan) -> Vec<String> {
        order.problems(plan).into_iter().map(|problem| problem.words).collect()
    }

    #[test]
    fn dose_and_pump_rate_follow_from_mg_per_kg_and_weight() {
        let order = Order { mg_per_kg: number("0.5"), ..Order::default() };
        let order = order.filled(&ketamine(), number("70"));
        assert_eq!((order.mg, order.ml, order.minutes), (number("35"), number("50"), number("40")));
        assert_eq!(order.rate_ml_h(), Some(75.0));
        assert_eq!(order.mg_per_ml(), Some(0.7));
        assert_eq!(order.words(), "35 mg in 50 mL over 40 min");
        assert_eq!(words(&order, &ketamine()), Vec::<String>::new());
    }

    #[test]
    fn mg_per_kg_follows_from_the_dose_and_the_weight() {
        let order = Order { mg: number("42"), ..Order::default() };
        let order = order.filled(&ketamine(), number("84"));
        assert_eq!(order.mg_per_kg, number("0.5"));
    }

    #[test]
    fn a_dose_that_is_not_mg_per_kg_times_weight_says_what_it_would_be() {
        let order = Order { mg_per_kg: number("0.5"), mg: number("3500"), ..Order::default() };
        let order = order.filled(&ketamine(), number("70"));
        assert_eq!(
            words(&order, &ketamine()),
            [
                "Ketamine is given as 5 to 150, got 3500 mg.",
                "0.5 mg/kg × 70 kg is 35 mg, not 3500 mg."
            ]
        );
        let rounded = Order { mg_per_kg: number("0.5"), mg: number("36"), ..Order::default() };
        let rounded = rounded.filled(&ketamine(), number("71"));
        assert_eq!(words(&rounded, &ketamine()), Vec::<String>::new());
    }

    #[test]
    fn bounds_are_those_of_the_plan() {
        let order = Order { mg_per_kg: number("5"), minutes: number("4"), ..Order::default() };
        let order = order.filled(&ketamine(), number("20"));
        assert_eq!(
            words(&order, &ketamine()),
            [
                "Ketamine is given as 0.1 to 1, got 5 mg/kg.",
                "Ketamine is given as 20 to 120, got 4 minutes."
            ]
        );
        let other = Order { drug: Some("Iron".to_owned()), ..Order::default() };
        assert_eq!(
            words(&other.filled(&ketamine(), None), &ketamine()),
            [
                "This session is for Ketamine: choose another profile.",
                "The order needs the dose: mg, or mg/kg with the weight."
            ]
        );
    }

    #[test]
    fn a_spray_is_ordered_in_whole_devices() {
        let plan = DosePlan {
            drug: "Esketamine".to_owned(),
            route: "nasal".to_owned(),
            mg_per_kg: None,
            mg: range(28.0, 56.0, 84.0),
            ml: None,
            minutes: None,
            sprays: Some(Sprays { device_mg: 28.0, apart_s: 300 }),
        };
        let order = |mg: &str| Order { mg: number(mg), ..Order::default() }.filled(&plan, None);
        assert_eq!(words(&order("84"), &plan), Vec::<String>::new());
        assert_eq!(plan.devices_for(84.0), Some(3));
        assert_eq!((plan.devices_for(252.0), plan.devices_for(280.0)), (Some(9), None));
        assert_eq!(words(&order("60"), &plan), ["60 mg cannot be given in devices of 28 mg."]);
        assert_eq!(order("84").rate_ml_h(), None);
    }
}
