//! Why staff cannot do something now, in words that say what to do instead.

use super::event_type::EventType;
use super::limits;
use super::listed::ListedType;
use super::refusal_of_treatment::{refusal_of_medication, refusal_of_oxygen, refusal_of_stated};
use super::{Acceptance, Authority, Baseline, Event, ManualVitals, Override, Phase, Room};
use crate::vitals::plausibility::{check_number, check_pressure};
use crate::vitals::{Decimal, Millis, Pressure, Vital};

/// A slower heart rate is accepted as a baseline only as usual for the patient
/// (clinical.md#baseline).
const USUAL_HEART_RATE_FROM: i32 = 50;
/// A lower saturation is accepted as a baseline only as usual for the patient, by a prescriber.
const USUAL_SPO2_FROM: i32 = 95;

/// Why something cannot be done now, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// One or two sentences for staff.
    pub why: String,
    /// What a gate still waits for.
    pub unmet: Vec<String>,
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self { why, unmet: Vec::new() }
    }
}

impl Room {
    /// Why staff of this authority cannot do this, done `at` this time, now or some time ago. The
    /// room has been advanced to now ([`Room::advance`]): a monitor that sends seldom cannot serve
    /// as a clock.
    #[must_use]
    pub fn refusal(&self, event: &Event, authority: Authority, at: Millis) -> Option<Refused> {
        if let Some(why) = self.why_not(event, authority) {
            return Some(why.into());
        }
        let overrides = match event {
            Event::Start { overrides } => overrides,
            Event::Spray(spray) => &spray.overrides,
            _ => &None,
        };
        let has_reason = |given: &&Override| !given.reason.trim().is_empty();
        let is_overridden = overrides.as_ref().filter(has_reason).is_some();
        let of_start = || match event {
            Event::Start { .. } => self.refusal_of_start(is_overridden, authority),
            Event::Spray(_) => self
                .refusal_of_spray(is_overridden, at)
                .or_else(|| self.refusal_of_start(is_overridden, authority)),
            _ => None,
        };
        of_start().or_else(|| self.refusal_at_gate(event, authority, at))
    }

    fn why_not(&self, event: &Event, authority: Authority) -> Option<String> {
        let phase = self.phase().unwrap_or(Phase::Discharged);
        let in_phase = || Some(format!("{}{}", event.refusal_in(phase)?, self.done_last()));
        in_phase().or_else(|| match event {
            Event::AcceptBaseline(given) => self
                .refusal_to_call_a_fall_usual(given, authority)
                .or_else(|| self.refusal_of_whose_values(given))
                .or_else(|| self.refusal_of_baseline(given)),
            Event::ManualVitals(vitals) => refusal_of_measured(vitals),
            Event::CheckIn(stated) => refusal_of_stated(stated),
            Event::Screening(answered) => self.refusal_of_answers(answered, authority),
            Event::Order(order) => self.refusal_of_order(order),
            Event::Check { item, .. } => self.refusal_of_tick(item),
            Event::Bolus(bolus) => self.refusal_of_bolus(bolus.mg),
            Event::Spray(spray) => self.refusal_of_device(spray),
            Event::Medication(given) => refusal_of_medication(given),
            Event::Oxygen(given) => refusal_of_oxygen(given),
            Event::Score { score, value, .. } => self.refusal_of_score(score, *value),
            Event::Symptom { symptom, .. } => self.refusal_of_symptom(symptom),
            Event::Correct { event, .. } => {
                let session = self.stay.session.as_ref()?;
                session.refusal_to_withdraw(*event).or_else(|| {
                    let is_it = |listed: &&super::ShownEvent| listed.n == *event;
                    let listed = session.events.iter().rfind(is_it)?;
                    let is_known = listed.kind != ListedType::Event(EventType::ManualVitals)
                        || self.is_by_hand(*event);
                    (!is_known).then(|| super::withdraw::TOO_OLD_VALUES.to_owned())
                })
            }
            Event::Limits { limits, reason, .. } => {
                if reason.trim().is_empty() {
                    return Some("Own limits need a reason.".to_owned());
                }
                let patient = self.patient();
                let given = limits.iter().map(|(condition, own)| (*condition, own.as_ref()));
                given
                    .filter_map(|own| limits::refusal(&self.stay.profile, patient, own, authority))
                    .next()
            }
            _ => None,
        })
    }

    /// What was measured while two monitors or two patients used one name is nobody's baseline:
    /// staff first say whose it is (clinical.md#scenarios, 20).
    fn refusal_of_whose_values(&self, given: &Acceptance) -> Option<String> {
        let takes_measured = given.values().or(self.measured_baseline()) != given.values();
        (takes_measured && self.bedside.is_any_in_conflict()).then(|| {
            "It is not sure whose values these are: two monitors or two patients use one name. \
             Look at the patient and the monitor, choose the monitor's room again under Devices, \
             and measure anew."
                .to_owned()
        })
    }

    /// What was done last in the course of the session, and by whom: two people may do it at once,
    /// and the second one is then shown this.
    fn done_last(&self) -> String {
        let Some(session) = &self.stay.session else { return String::new() };
        let of_course = |listed: &&super::ShownEvent| match listed.kind {
            ListedType::Event(kind) => kind.leads_on() && listed.withdrawn.is_none(),
            ListedType::Open | ListedType::Task => false,
        };
        let Some(last) = session.events.iter().rfind(of_course) else { return String::new() };
        let (what, ago_s) = (last.kind.name().replace('_', " "), self.now.since(last.at) / 1_000);
        let ago = match ago_s {
            s if s < 60 => format!("{} s", s.max(0)),
            s => format!("{} min", s / 60),
        };
        format!(" Last entered: {what}, by {}, {ago} ago.", last.by)
    }

    /// The earliest time at which this can have been done, and what happened then; `None` where any
    /// time is possible.
    #[must_use]
    pub fn follows(&self, event: &Event) -> Option<(Millis, &'static str)> {
        let session = self.stay.session.as_ref()?;
        match event {
            Event::Pause { .. }
            | Event::Resume {}
            | Event::Stop { .. }
            | Event::Discharge { .. } => Some((session.phase_since, session.phase.words())),
            Event::RateChange { .. } | Event::Bolus(_) => {
                Some((session.started_at?, Phase::Infusing.words()))
            }
            // An infusion may have run before the session is opened here.
            _ => None,
        }
    }

    /// What is low after a fall is not this patient's usual value: that is for a lead or a
    /// prescriber.
    fn refusal_to_call_a_fall_usual(
        &self,
        given: &Acceptance,
        authority: Authority,
    ) -> Option<String> {
        let is_refused =
            given.known_low && authority < Authority::Lead && !self.start_waits().is_empty();
        is_refused.then(|| {
            "Only a prescriber or a nurse lead may accept low values right after a fall as known \
             low: measure again when the patient is well."
                .to_owned()
        })
    }

    fn refusal_of_baseline(&self, given: &Acceptance) -> Option<String> {
        let values = given.values().or(self.measured_baseline());
        if values.is_empty() {
            return Some(
                "Nothing has been measured yet: enter the baseline's values, or wait for the monitor."
                    .to_owned(),
            );
        }
        refusal_of_measured(&ManualVitals::from(values)).or_else(|| refusal_of_low(values, given))
    }

    fn refusal_of_score(&self, score: &str, value: i32) -> Option<String> {
        let known = self.stay.profile.scores.iter().find(|choice| choice.name == score);
        let Some(choice) = known else {
            let names: Vec<_> = self.stay.profile.scores.iter().map(|c| c.name.as_str()).collect();
            return Some(format!("{score} is not one of the scores: {}.", names.join(", ")));
        };
        let is_within = (choice.lowest..=choice.highest).contains(&value);
        (!is_within).then(|| {
            format!("{} is {} to {}, got {value}.", choice.text, choice.lowest, choice.highest)
        })
    }

    fn refusal_of_symptom(&self, symptom: &str) -> Option<String> {
        let is_known = self.stay.profile.symptoms.iter().any(|choice| choice.name == symptom);
        (!is_known).then(|| {
            let names: Vec<_> =
                self.stay.profile.symptoms.iter().map(|c| c.name.as_str()).collect();
            format!(
                "{symptom} is not one of the symptoms: {}. For anything else, enter a note.",
                names.join(", ")
            )
        })
    }
}

fn refusal_of_low(values: Baseline, given: &Acceptance) -> Option<String> {
    let low = |value: Option<Decimal>, from: i32| value.filter(|v| *v < Decimal::whole(from));
    if let Some(rate) = low(values.heart_rate, USUAL_HEART_RATE_FROM).filter(|_| !given.known_low) {
        return Some(format!(
            "Heart rate {rate} is low: accept it as known low, or measure again."
        ));
    }
    let spo2 = low(values.spo2, USUAL_SPO2_FROM)?;
    if !given.known_low {
        return Some(format!(
            "SpO2 {spo2} is low: ask a prescriber to accept it as known low, or measure again."
        ));
    }
    let is_named = given.prescriber.as_ref().is_some_and(|name| !name.trim().is_empty());
    (!is_named).then(|| format!("SpO2 {spo2} is low: name the prescriber who accepts it."))
}

fn refusal_of_measured(vitals: &ManualVitals) -> Option<String> {
    let ManualVitals { systolic, diastolic, mean, heart_rate, spo2, resp_rate, temp } = *vitals;
    let numbers = [
        (Vital::HeartRate, heart_rate),
        (Vital::Spo2, spo2),
        (Vital::RespRate, resp_rate),
        (Vital::Temp, temp),
    ];
    let mut any = false;
    for (vital, value) in numbers {
        let Some(value) = value else { continue };
        any = true;
        if let Err(what) = check_number(vital, value) {
            return Some(in_words(&what));
        }
    }
    if systolic.or(diastolic).or(mean).is_some() {
        return check_pressure(&Pressure { systolic, diastolic, mean })
            .err()
            .map(|what| in_words(&what));
    }
    (!any).then(|| "Enter at least one value.".to_owned())
}

/// A range as people say it.
fn in_words(what: &str) -> String {
    format!("{what}.").replace("..=", " to ")
}
