//! A room's state in the types of the contract: what `GET rooms` and the stream's snapshot show.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::View;
use super::peak::PeakSoFar;
use crate::contract::{
    DisplaySession, GivenDose, LastReading, LiveReading, Parts, Session as StaffSession,
    SessionFacts, SessionView, ShownLimit, ShownOrder, ShownPersonalLimit, SingleDose, Stated,
    Symptom,
};
use crate::gates::Signed;
use crate::profile::Profile;
use crate::record::Patient;
use crate::room::{LastValue, Latest, PersonalLimits, Room, STALE_AFTER_MS, Session, Treatment};
use crate::vitals::{Absent, Decimal, Millis, Observation, Quality, Source, Vital};

/// What the ward knows of a session besides the room's state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SessionCard {
    pub(super) patient: Patient,
    pub(super) profile: Arc<Profile>,
    pub(super) opened_seq: u64,
    pub(super) peak: PeakSoFar,
}

/// A session, as this view shows it.
pub(super) fn session_view(
    room: &Room,
    session: &Session,
    card: &SessionCard,
    view: View,
) -> SessionView {
    match view {
        View::Staff => SessionView::Staff(Box::new(staff_session(room, session, card))),
        View::Display => {
            let facts = facts(room, session, card);
            let personal_limits = session.personal.iter().map(shown_limit).collect();
            SessionView::Display(Box::new(DisplaySession { facts, personal_limits }))
        }
    }
}

/// A session, as staff see it and as the store keeps it.
pub(super) fn staff_session(room: &Room, session: &Session, card: &SessionCard) -> StaffSession {
    let SessionCard { patient, profile, .. } = card;
    let is_running = room.session().is_some_and(|running| running.id == session.id);
    let personal = |personal: &PersonalLimits| ShownPersonalLimit {
        limit: shown_limit(personal),
        reason: session.reasons.get(&personal.condition).cloned(),
        prescriber: personal.prescriber.clone(),
        by: personal.by.clone(),
        at: personal.at,
    };
    let symptoms = session.symptoms.iter().map(|open| Symptom {
        symptom: open.symptom.clone(),
        text: profile.symptom_text(&open.symptom).to_owned(),
        since: open.since,
    });
    StaffSession {
        facts: facts(room, session, card),
        personal_limits: session.personal.iter().map(personal).collect(),
        profile: profile.name.clone(),
        profile_version: profile.version,
        title: profile.title.clone(),
        approved: profile.approved.clone(),
        events: session.events.clone(),
        symptoms: symptoms.collect(),
        scores: session.scores.clone(),
        tasks: if is_running { room.tasks() } else { Vec::new() },
        gates: if is_running { room.gates() } else { Vec::new() },
        stated: stated(&session.treatment),
        order: order(&session.treatment),
        given: given(&session.treatment, room.now()),
        peak: session.started_at.map(|_| card.peak.now()),
        doses: session.treatment.doses.doses().map(|(at, mg)| SingleDose { at, mg }).collect(),
        medications: session.treatment.medications.clone(),
        oxygen: session.treatment.oxygen_now().cloned(),
        adverse_events: session.treatment.adverse_events.clone(),
        waived: session.treatment.waived.clone(),
        signed_off: None,
        addenda: Vec::new(),
        removed: None,
        patient: patient.clone(),
    }
}

fn facts(room: &Room, session: &Session, card: &SessionCard) -> SessionFacts {
    let is_open = !session.phase.has_ended();
    let cadence = &card.profile.cadence;
    SessionFacts {
        id: session.id.clone(),
        room: room.id().clone(),
        initials: card.patient.initials.clone(),
        phase: if is_open { room.shown_phase().unwrap_or(session.phase) } else { session.phase },
        phase_since: session.phase_since,
        opened_at: session.opened_at,
        started_at: session.started_at,
        infused_ms: session.infused_ms,
        planned_s: session.planned_s,
        baseline: session.baseline,
        known_low: session.known_low,
        limits: is_open.then(|| room.shown_limits()),
        cadence_s: is_open.then(|| session.cadence_s(cadence, room.now())),
        next_nibp_due: is_open.then(|| room.next_nibp_due()),
    }
}

fn stated(treatment: &Treatment) -> Option<Stated> {
    let paperwork = &treatment.paperwork;
    let weight_kg = paperwork.weight_kg().map(|(weight, _)| weight);
    let (series, escort) = (paperwork.series(), paperwork.escort());
    let stated = Stated { series, escort, allergies: paperwork.allergies(), weight_kg };
    paperwork.has_begun().then_some(stated)
}

fn order(treatment: &Treatment) -> Option<ShownOrder> {
    let (order, Signed { by, at }) = treatment.paperwork.order()?;
    let rate_ml_h = order.rate_ml_h().and_then(|rate| Decimal::rounded(rate, 1));
    Some(ShownOrder { order, rate_ml_h, by, at })
}

fn given(treatment: &Treatment, now: Millis) -> Option<GivenDose> {
    let given = treatment.given(now)?;
    let rounded = |value: Option<f64>, decimals| value.and_then(|v| Decimal::rounded(v, decimals));
    Some(GivenDose {
        at: now,
        mg: Decimal::rounded(given.mg, 2)?,
        ml: rounded(given.ml, 2),
        mg_per_kg: rounded(given.mg_per_kg, 3),
        percent: rounded(given.of_order.map(|share| share * 100.0), 1),
        mg_min: rounded(given.mg_min, 4),
        rate_ml_h: rounded(given.rate_ml_h, 1),
        ends_at: given.ends_at,
        emptied_at: given.emptied_at,
    })
}

fn shown_limit(personal: &PersonalLimits) -> ShownLimit {
    let PersonalLimits { condition, limits, .. } = personal;
    ShownLimit {
        condition: *condition,
        caution: limits.caution,
        urgent: limits.urgent,
        extreme: limits.extreme,
    }
}

/// The last reading of every vital. A continuous value that is too old is absent, with its last
/// value.
pub(super) fn vitals(room: &Room, now: Millis) -> BTreeMap<Vital, LiveReading<'_>> {
    room.latest().iter().map(|latest| (latest.vital, live_reading(latest, now, None))).collect()
}

/// When a frame was taken, by the device's clock, and when it was received, by ours.
#[derive(Clone, Copy)]
pub(super) struct FrameTimes {
    pub(super) taken_at: Millis,
    pub(super) received_at: Millis,
}

/// What is known of a vital: in the snapshot, and in each frame that changes it. Both use the same
/// words; what the times of the frame already say is left out.
pub(super) fn live_reading(
    latest: &Latest,
    now: Millis,
    frame: Option<FrameTimes>,
) -> LiveReading<'_> {
    let is_said = |said: fn(&FrameTimes) -> Millis, time| frame.as_ref().map(said) == Some(time);
    let beside = LiveReading {
        vital: frame.is_some().then_some(latest.vital),
        taken_at: Some(latest.taken_at)
            .filter(|taken_at| !is_said(|times| times.taken_at, *taken_at)),
        received_at: Some(latest.heard_at)
            .filter(|heard_at| !is_said(|times| times.received_at, *heard_at)),
        device_taken_at: latest.device_taken_at,
        corrects: latest.is_corrected,
        stale_after_ms: Some(latest.stale_after_ms()).filter(|ms| *ms > STALE_AFTER_MS),
        device: frame.is_none().then_some(&latest.device),
        channel: latest.channel.as_deref(),
        source: Some(latest.source).filter(|source| *source != Source::Monitor),
        ..LiveReading::default()
    };
    match why_absent(latest, now) {
        None => {
            let value = latest.value_at(now);
            let shown = value.map_or(latest.observation, |(value, quality)| {
                Observation::Measured(value, quality)
            });
            LiveReading { bound: latest.bound, ..beside.saying(Parts::of(&shown)) }
        }
        Some(reason) => {
            let as_it_was = match (reason, latest.observation) {
                (Absent::Stale, Observation::Measured(_, quality)) => {
                    let doubted = latest.is_doubted && quality == Quality::Good;
                    Some(if doubted { Quality::Questionable } else { quality })
                }
                _ => None,
            };
            LiveReading {
                absent: Some(reason),
                quality: as_it_was,
                bound: latest.bound.filter(|_| as_it_was.is_some()),
                since: Some(latest.absent_since.unwrap_or(latest.heard_at)),
                last: latest.last_value.as_ref().map(last_reading),
                ..beside
            }
        }
    }
}

/// Why there is no current value; `None` when there is one.
fn why_absent(latest: &Latest, now: Millis) -> Option<Absent> {
    match latest.observation {
        Observation::Absent(reason) => Some(reason),
        Observation::Measured(_, Quality::Invalid) => Some(Absent::Invalid),
        Observation::Measured(..) if latest.value_at(now).is_some() => None,
        Observation::Measured(..) => Some(Absent::Stale),
    }
}

fn last_reading(last: &LastValue) -> LastReading {
    LastReading { value: (&last.value).into(), taken_at: last.heard_at }
}
