//! Whether gates can open, and whether orders can be given.

use super::super::Profile;
use super::{choice_name, stand_once};
use crate::dose::Range;
use crate::gates::{Item, ItemKind};
use crate::rules::{ContinuousVital, Found, Limit};

/// A room keeps the values of the last minutes.
const KEPT_S: (u32, u32) = (10, 300);
/// A stay, or the age of a score.
const STAY_S: (u32, u32) = (60, 86_400);
/// Between two cuff pressures, and the age of the newest.
const PRESSURES_S: (u32, u32) = (60, 3_600);
/// The largest dose of an order.
const MOST_MG: f64 = 1_000_000.0;

pub(super) fn gates(profile: &Profile, found: &mut Found) {
    for (index, gate) in profile.gates.iter().enumerate() {
        let place = format!("gates[{index}]");
        if profile.gates[..index].iter().any(|other| other.step == gate.step) {
            let name = gate.step.name();
            found.add(format!("{place}.step"), format!("{name} has a gate already"));
        }
        let names = gate.items.iter().map(|item| item.name.as_str());
        stand_once(names, &format!("{place}.items"), found);
        for (index, item) in gate.items.iter().enumerate() {
            let place = format!("{place}.items[{index}]");
            choice_name(&item.name, &format!("{place}.name"), found);
            found.text(&item.text, &format!("{place}.text"));
            can_be_met(profile, item, &format!("{place}.met_by"), found);
        }
    }
}

fn can_be_met(profile: &Profile, item: &Item, place: &str, found: &mut Found) {
    match &item.kind {
        ItemKind::Scored(scored) => {
            let score = profile.scores.iter().find(|choice| choice.name == scored.score);
            match score {
                None => {
                    let what = format!("{:?} is none of the scores", scored.score);
                    found.add(format!("{place}.scored.score"), what);
                }
                Some(score) => {
                    let (least, most) = (scored.at_least, scored.at_most);
                    let lowest = least.unwrap_or(score.lowest).max(score.lowest);
                    let highest = most.unwrap_or(score.highest).min(score.highest);
                    if lowest > highest || (least.is_none() && most.is_none()) {
                        let what = "needs at_least or at_most that the score can reach";
                        found.add(format!("{place}.scored"), what);
                    }
                }
            }
            found.within(format!("{place}.scored.within_s"), scored.within_s, STAY_S, " s");
        }
        ItemKind::Stay(stay) => {
            found.within(format!("{place}.stay.for_s"), stay.for_s, STAY_S, " s");
        }
        ItemKind::Pressures(two) => {
            let place = format!("{place}.pressures");
            found.within(format!("{place}.apart_s"), two.apart_s, PRESSURES_S, " s");
            if let Some(within_s) = two.within_s {
                found.within(format!("{place}.within_s"), within_s, PRESSURES_S, " s");
            }
            let numbers = [
                ("systolic_at_most", two.systolic_at_most, (100.0, 200.0)),
                ("diastolic_at_most", two.diastolic_at_most, (60.0, 120.0)),
                ("near_baseline", two.near_baseline, (5.0, 60.0)),
                ("rise_at_most", two.rise_at_most, (0.0, 30.0)),
            ];
            for (key, value, range) in numbers {
                if let Some(value) = value {
                    found.within(format!("{place}.{key}"), value, range, " mmHg");
                }
            }
        }
        ItemKind::PressureAt(at) => {
            found.within(format!("{place}.pressure_at.at_s"), at.at_s, STAY_S, " s");
            let near = format!("{place}.pressure_at.near_s");
            found.within(near, at.near_s, (60, at.at_s.max(60)), " s");
        }
        ItemKind::Vital(vital) => {
            let place = format!("{place}.vital");
            found.within(format!("{place}.for_s"), vital.for_s, KEPT_S, " s");
            let limits = [vital.at_least, vital.at_most];
            if limits.iter().all(Option::is_none) {
                found.add(&place, "needs at_least or at_most");
            }
            let has_plain = |limit: &Limit| limit.absolute.is_some_and(f64::is_finite);
            if !limits.iter().flatten().all(has_plain) {
                found.add(&place, "needs absolute: there may be no baseline");
            }
            if let Some(near) = vital.near_baseline {
                found.within(format!("{place}.near_baseline"), near, (1.0, 60.0), "");
            }
        }
        ItemKind::Signal(signal) => {
            let place = format!("{place}.signal");
            found.within(format!("{place}.for_s"), signal.for_s, KEPT_S, " s");
            let most = ContinuousVital::ALL.len();
            found.within(format!("{place}.vitals"), signal.vitals.len(), (1, most), " vitals");
        }
        ItemKind::FreeOf(free) => {
            if !profile.symptoms.iter().any(|choice| choice.name == free.symptom) {
                let what = format!("{:?} is none of the symptoms", free.symptom);
                found.add(format!("{place}.free_of.symptom"), what);
            }
            found.within(format!("{place}.free_of.for_s"), free.for_s, STAY_S, " s");
        }
        ItemKind::Ticked {}
        | ItemKind::Stated(_)
        | ItemKind::Question {}
        | ItemKind::NoHold {}
        | ItemKind::Baseline {}
        | ItemKind::AlertsClosed(_)
        | ItemKind::NoneActive(_) => {}
    }
}

pub(super) fn dose(profile: &Profile, found: &mut Found) {
    let Some(plan) = &profile.dose else { return };
    found.text(&plan.drug, "dose.drug");
    found.text(&plan.route, "dose.route");
    let ranges = [
        ("mg_per_kg", plan.mg_per_kg),
        ("mg", Some(plan.mg)),
        ("ml", plan.ml),
        ("minutes", plan.minutes),
    ];
    let is_possible = |range: &Range| range.makes_sense() && range.most <= MOST_MG;
    for (key, range) in ranges {
        if range.is_some_and(|range| !is_possible(&range)) {
            let what = "must be least, usual and most in this order, above 0";
            found.add(format!("dose.{key}"), what);
        }
    }
    if plan.ml.is_some() != plan.minutes.is_some() {
        found.add("dose", "has ml and minutes, or neither: a pump needs both");
    }
    if let Some(sprays) = plan.sprays {
        found.within("dose.sprays.device_mg", sprays.device_mg, (0.001, plan.mg.most), " mg");
        found.within("dose.sprays.apart_s", sprays.apart_s, (0, 3_600), " s");
    }
}
