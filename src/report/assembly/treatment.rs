//! What was ordered, given and entered.

use super::Assembly;
use super::done::Done;
use super::events::step_of;
use super::spells::Times;
use crate::gates::{CheckIn, Signed, Statement};
use crate::profile::Profile;
use crate::report::{
    DoseAtOnce, GivenTotal, Infusion, OpenFor, OpenItem, Ordered, Pause, PhaseSpan, RateChange,
    RecordHeader, RecordedAlert, RecordedEvent, RecordedScore, Run, SIGNATURE, Signature,
    SymptomSpan,
};
use crate::room::{
    AdverseEvent, Entered, Event, ListedType, Medication, Oxygen, Phase, Session, Treatment, Waived,
};
use crate::rules::Priority;
use crate::vitals::{Decimal, Millis};

/// Less than this is rounding, not drug; mg.
const ROUNDING_MG: f64 = 0.05;

/// What was ordered, given and entered.
pub(super) struct Treated {
    pub(super) stated: Option<CheckIn>,
    pub(super) order: Option<Ordered>,
    pub(super) given: Option<GivenTotal>,
    pub(super) infusion: Infusion,
    pub(super) overrides: Vec<Waived>,
    pub(super) scores: Vec<RecordedScore>,
    pub(super) symptoms: Vec<SymptomSpan>,
    pub(super) medications: Vec<Entered<Medication>>,
    pub(super) oxygen: Vec<Entered<Oxygen>>,
    pub(super) adverse_events: Vec<Entered<AdverseEvent>>,
    pub(super) prescriber: Option<String>,
}

impl Treated {
    pub(super) fn of(assembly: &Assembly, times: Times) -> Self {
        let kept = &assembly.kept;
        let profile = &assembly.profile;
        let session = assembly.session.as_ref();
        let treatment = session.map(|session| &session.treatment);
        let mut counted: Vec<&Done> = kept.done.iter().filter(|done| !done.is_withdrawn).collect();
        counted.sort_by_key(|done| done.at);
        let order = treatment.and_then(|treatment| ordered(treatment, profile));
        let given = treatment.and_then(|treatment| given(treatment, order.as_ref(), times.to));
        let by_order = order.as_ref().and_then(|order| order.order.ordered_by.clone());
        let prescriber = by_order.or_else(|| decided(&counted));
        Self {
            stated: stated(&counted),
            given,
            infusion: infusion(session, &kept.phases, &counted, times),
            overrides: overrides(treatment, &counted),
            scores: scores(&counted, profile),
            symptoms: symptoms(&counted, profile),
            medications: entered(&counted, |event| match event {
                Event::Medication(given) => Some(given.clone()),
                _ => None,
            }),
            oxygen: entered(&counted, |event| match event {
                Event::Oxygen(given) => Some(given.clone()),
                _ => None,
            }),
            adverse_events: entered(&counted, |event| match event {
                Event::AdverseEvent(event) => Some(event.clone()),
                _ => None,
            }),
            order,
            prescriber,
        }
    }
}

/// What was stated at check-in: what is left out later stays as it was stated before.
fn stated(counted: &[&Done]) -> Option<CheckIn> {
    let mut all: Option<CheckIn> = None;
    for done in counted {
        let Event::CheckIn(new) = &done.event else { continue };
        if new.is_empty() {
            continue;
        }
        let known = all.take().unwrap_or_default();
        let new = new.clone();
        all = Some(CheckIn {
            identifiers: if new.identifiers.is_empty() {
                known.identifiers
            } else {
                new.identifiers
            },
            consent: new.consent.or(known.consent),
            series: new.series.or(known.series),
            escort: new.escort.or(known.escort),
            weight_kg: new.weight_kg.or(known.weight_kg),
            allergies: new.allergies.or(known.allergies),
            overrides: new.overrides.or(known.overrides),
        });
    }
    all
}

fn ordered(treatment: &Treatment, profile: &Profile) -> Option<Ordered> {
    let (order, Signed { by, at }) = treatment.paperwork.order()?;
    let items = profile.gates.iter().flat_map(|gate| &gate.items);
    let checked = items.filter_map(|item| {
        treatment.paperwork.stated(Statement::SecondCheck, &item.name).map(|(_, signed)| signed.by)
    });
    Some(Ordered {
        rate_ml_h: order.rate_ml_h().and_then(|rate| Decimal::rounded(rate, 1)),
        route: profile.dose.as_ref().map(|dose| dose.route.clone()),
        order,
        by,
        at,
        checked_by: { checked }.next(),
    })
}

fn given(treatment: &Treatment, order: Option<&Ordered>, to: Millis) -> Option<GivenTotal> {
    let given = treatment.given(to)?;
    let rounded = |value: Option<f64>, decimals| value.and_then(|v| Decimal::rounded(v, decimals));
    let ordered = order.and_then(|order| order.order.mg).map(Decimal::as_f64);
    let left = ordered.map_or(0.0, |ordered| (ordered - given.mg).max(0.0));
    Some(GivenTotal {
        mg: Decimal::rounded(given.mg, 2)?,
        ml: rounded(given.ml, 2),
        mg_per_kg: rounded(given.mg_per_kg, 3),
        percent: rounded(given.of_order.map(|share| share * 100.0), 1),
        not_given_mg: Decimal::rounded(if left < ROUNDING_MG { 0.0 } else { left }, 2)?,
    })
}

fn infusion(
    session: Option<&Session>,
    phases: &[PhaseSpan],
    counted: &[&Done],
    times: Times,
) -> Infusion {
    let Some(session) = session else { return Infusion::default() };
    let Some(started_at) = session.started_at else { return Infusion::default() };
    let rate_changes: Vec<RateChange> = counted
        .iter()
        .filter_map(|done| match &done.event {
            Event::RateChange { from, to, unit } => Some(RateChange {
                at: done.at,
                by: done.by.clone(),
                from: *from,
                to: *to,
                unit: unit.clone().unwrap_or_else(|| "mL/h".to_owned()),
            }),
            _ => None,
        })
        .collect();
    let mut runs = Vec::new();
    let (mut pauses, mut running_ms) = (Vec::new(), 0);
    for span in phases {
        let to = span.to.unwrap_or(times.to);
        match span.phase {
            Phase::Infusing => {
                running_ms += to.since(span.from).max(0);
                add_runs(&mut runs, session, &rate_changes, (span.from, span.to, to));
            }
            Phase::Paused => pauses.push(Pause {
                from: span.from,
                to: span.to,
                by: span.by.clone(),
                reason: reason_of(counted, span.from, |event| match event {
                    Event::Pause { reason } => Some(reason.clone()),
                    _ => None,
                }),
            }),
            _ => {}
        }
    }
    let is_after = |span: &&PhaseSpan| {
        span.from >= started_at && !matches!(span.phase, Phase::Infusing | Phase::Paused)
    };
    let ended_at = phases.iter().find(is_after).map(|span| span.from);
    let end_reason = ended_at.and_then(|at| {
        reason_of(counted, at, |event| match event {
            Event::Stop { reason } | Event::Abort { reason } | Event::Transfer { reason } => {
                Some(reason.clone())
            }
            _ => None,
        })
    });
    let doses = doses(session, counted);
    Infusion {
        started_at: Some(started_at),
        ended_at,
        end_reason,
        running_ms,
        runs,
        pauses,
        rate_changes,
        doses,
    }
}

/// One run for each rate of a time in which it ran.
fn add_runs(
    runs: &mut Vec<Run>,
    session: &Session,
    changes: &[RateChange],
    (from, open_to, to): (Millis, Option<Millis>, Millis),
) {
    let within = changes.iter().map(|change| change.at).filter(|at| *at > from && *at < to);
    let mut ends: Vec<Millis> = within.collect();
    ends.push(to);
    let mut at = from;
    for end in ends {
        // At its own beginning a rate counts.
        let rate = session.treatment.given(at).and_then(|given| given.rate_ml_h);
        let given = session.treatment.given(end);
        runs.push(Run {
            from: at,
            to: if end == to { open_to } else { Some(end) },
            rate_ml_h: rate.and_then(|rate| Decimal::rounded(rate, 1)),
            mg_at_end: given.and_then(|given| Decimal::rounded(given.mg, 2)),
        });
        at = end;
    }
}

fn reason_of(
    counted: &[&Done],
    at: Millis,
    reason: impl Fn(&Event) -> Option<Option<String>>,
) -> Option<String> {
    counted.iter().filter(|done| done.at == at).find_map(|done| reason(&done.event)).flatten()
}

fn doses(session: &Session, counted: &[&Done]) -> Vec<DoseAtOnce> {
    let known = |at: Millis| session.treatment.doses.doses().find(|dose| dose.0 == at);
    let dose = |done: &&Done| {
        let (mg, lot) = match &done.event {
            Event::Bolus(bolus) => (Some(bolus.mg), None),
            Event::Spray(spray) => {
                let of_profile = || known(done.at).map(|(_, mg)| mg);
                (spray.dose_mg.or_else(of_profile), spray.lot.clone())
            }
            _ => return None,
        };
        Some(DoseAtOnce { n: done.n, at: done.at, by: done.by.clone(), mg, lot })
    };
    counted.iter().filter_map(dose).collect()
}

/// What was gone on without. A reason to which nothing was missing is one all the same.
fn overrides(treatment: Option<&Treatment>, counted: &[&Done]) -> Vec<Waived> {
    let mut all = treatment.map(|treatment| treatment.waived.clone()).unwrap_or_default();
    for done in counted {
        let overrides = match &done.event {
            Event::CheckIn(stated) => stated.overrides.as_ref(),
            Event::Screening(answered) => answered.overrides.as_ref(),
            Event::AcceptBaseline(given) => given.overrides.as_ref(),
            Event::Spray(spray) => spray.overrides.as_ref(),
            Event::Start { overrides } | Event::Discharge { overrides } => overrides.as_ref(),
            _ => None,
        };
        let step = step_of(&done.event, Phase::Baseline);
        let (Some(given), Some(step)) = (overrides, step) else { continue };
        let is_known = |waived: &Waived| waived.at == done.at && waived.step == step;
        if !all.iter().any(is_known) {
            let (reason, by) = (given.reason.clone(), done.by.clone());
            all.push(Waived { step, items: Vec::new(), reason, by, at: done.at });
        }
    }
    all.sort_by_key(|waived| waived.at);
    all
}

fn scores(counted: &[&Done], profile: &Profile) -> Vec<RecordedScore> {
    let one = |done: &&Done| {
        let Event::Score { score, value, note } = &done.event else { return None };
        let known = profile.scores.iter().find(|choice| choice.name == *score);
        let text = known.map_or_else(|| score.clone(), |choice| choice.text.clone());
        let (n, at, by) = (done.n, done.at, done.by.clone());
        Some(RecordedScore {
            n,
            at,
            by,
            score: score.clone(),
            text,
            value: *value,
            note: note.clone(),
        })
    };
    counted.iter().filter_map(one).collect()
}

fn symptoms(counted: &[&Done], profile: &Profile) -> Vec<SymptomSpan> {
    let mut all: Vec<SymptomSpan> = Vec::new();
    for done in counted {
        let Event::Symptom { symptom, over, note } = &done.event else { continue };
        let open = all.iter_mut().rev().find(|span| span.symptom == *symptom && span.to.is_none());
        match (over, open) {
            (true, Some(open)) => {
                open.to = Some(done.at);
                open.note = open.note.take().or(note.clone());
            }
            (false, None) => all.push(SymptomSpan {
                symptom: symptom.clone(),
                text: profile.symptom_text(symptom).to_owned(),
                from: done.at,
                to: None,
                by: done.by.clone(),
                note: note.clone(),
            }),
            _ => {}
        }
    }
    all
}

fn entered<T>(counted: &[&Done], what: impl Fn(&Event) -> Option<T>) -> Vec<Entered<T>> {
    let one = |done: &&Done| {
        let what = what(&done.event)?;
        Some(Entered { n: done.n, at: done.at, by: done.by.clone(), what })
    };
    counted.iter().filter_map(one).collect()
}

/// Who decided what needed a prescriber, where no order names one.
fn decided(counted: &[&Done]) -> Option<String> {
    counted.iter().rev().find_map(|done| match &done.event {
        Event::AcceptBaseline(given) => given.prescriber.clone(),
        Event::Limits { prescriber, .. } => prescriber.clone(),
        _ => None,
    })
}

/// What must still be done before the record is final.
pub(super) fn open_items(
    alerts: &[RecordedAlert],
    treated: &Treated,
    header: &RecordHeader,
    (events, signature): (&[RecordedEvent], Option<&Signature>),
) -> Vec<OpenItem> {
    let item = |text: String, by, since| OpenItem { text, by, since };
    let mut open = Vec::new();
    for alert in alerts.iter().filter(|alert| alert.priority == Priority::High) {
        if alert.outcome.is_none() {
            let text = format!("What came of the alert: {}", alert.text);
            open.push(item(text, OpenFor::Nurse, alert.raised_at));
        }
    }
    for event in &treated.adverse_events {
        if event.what.outcome.is_none() {
            let text = format!("What came of the adverse event: {}", event.what.text);
            open.push(item(text, OpenFor::Prescriber, event.at));
        }
    }
    let infusion = &treated.infusion;
    let is_short = treated.given.as_ref().is_some_and(|g| g.not_given_mg > Decimal::whole(0));
    if let (true, Some(at), None) = (is_short, infusion.ended_at, &infusion.end_reason) {
        open.push(item("Why the dose was not given in full".to_owned(), OpenFor::Nurse, at));
    }
    let is_checked_in = events.iter().any(|event| event.kind != ListedType::Open);
    if let (Some(ended_at), true) = (header.ended_at, is_checked_in) {
        if signature.is_none() {
            open.push(item(SIGNATURE.to_owned(), OpenFor::Nurse, ended_at));
        }
        let needs_prescriber = !treated.overrides.is_empty() || !treated.adverse_events.is_empty();
        let is_signed =
            signature.is_some_and(|signed| header.prescriber.as_ref() == Some(&signed.by));
        if needs_prescriber && !is_signed {
            open.push(item(SIGNATURE.to_owned(), OpenFor::Prescriber, ended_at));
        }
    }
    open.sort_by_key(|item| item.since);
    open
}
