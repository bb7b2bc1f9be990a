//! Assembles the record from what was kept.

use super::signal::{Blind, Said, Spell, Why, either, spells};
use super::signed::{Entries, signature};
use super::spells::{Spells, Times};
use super::{Assembly, coverage, lacks, summary, table, treatment};
use crate::report::{
    About, Absence, Interruption, InterruptionKind, Measured, ProfileUsed, RECORD_FORMAT,
    RecordHeader, RecordedPatient, SessionRecord, Trend,
};
use crate::room::{Event, Phase};
use crate::vitals::{Observation, SessionId, Value, Vital};

/// How many hexadecimal digits of a profile's hash are shown.
const HASH_DIGITS: usize = 12;

pub(super) fn record(mut assembly: Assembly) -> SessionRecord {
    assembly.note_gates();
    let opened_at = assembly.session.as_ref().map(|session| session.opened_at);
    let opened_at = opened_at.or(assembly.kept.first_at).unwrap_or(assembly.about.made_at);
    let is_over = assembly.kept.ended_at.is_some();
    // A running session lasts as long as there are lines of it.
    let to = assembly.kept.ended_at.unwrap_or(assembly.at).max(opened_at);
    let times = Times { opened_at, to };
    let spells = all_spells(&assembly, times);
    let (mut lacks, trends) = (lacks::lacks(&assembly, times), trends(&spells, times));
    lacks.sort_by_key(|lack| lack.kind);

    let session_id = session_id(&assembly);
    let profile = assembly.profile.clone();
    let given = treatment::Treated::of(&assembly, times);
    let summary = summary::summary(&assembly, &spells, times);
    let coverage = coverage::coverage(&assembly, &spells, times, is_over);
    let by_hand = by_hand(&assembly);
    let table = table::table(&assembly, &spells, &summary, &by_hand, times);
    let interruptions = interruptions(&assembly, times);
    let header = header(&mut assembly, &session_id, times, given.prescriber.clone());
    let kept = assembly.kept;
    let alerts = kept.alerts.into_recorded(&profile, Some(&session_id));
    let mut events = kept.events;
    events.sort_by_key(|event| event.at);
    let corrections = kept.corrections;
    let About { signed_off, addenda, .. } = assembly.about;
    let entries = Entries { events: &events, corrections: &corrections, alerts: &alerts };
    let signature = signature(signed_off, &addenda, &entries);
    let open = treatment::open_items(&alerts, &given, &header, (&events, signature.as_ref()));
    SessionRecord {
        format: RECORD_FORMAT,
        header,
        lacks,
        stated: given.stated,
        order: given.order,
        given: given.given,
        infusion: given.infusion,
        phases: kept.phases,
        events,
        corrections,
        pressures: kept.pressures,
        trends,
        by_hand,
        table,
        summary,
        alerts,
        limits: kept.limits,
        limit_changes: kept.limit_changes,
        overrides: given.overrides,
        scores: given.scores,
        symptoms: given.symptoms,
        medications: given.medications,
        oxygen: given.oxygen,
        adverse_events: given.adverse_events,
        checklists: kept.gates.into_values().map(|gate| gate.0).collect(),
        coverage,
        interruptions,
        signatures: signature.into_iter().collect(),
        addenda,
        open,
    }
}

fn session_id(assembly: &Assembly) -> SessionId {
    let known = assembly.session.as_ref().map(|session| session.id.clone());
    let asked = || assembly.about.session.clone();
    known.or_else(asked).unwrap_or_else(SessionId::recording)
}

fn header(
    assembly: &mut Assembly,
    session: &SessionId,
    times: Times,
    prescriber: Option<String>,
) -> RecordHeader {
    let About { clinic, time_zone, patient, person, removed, .. } = assembly.about.clone();
    let known = patient.unwrap_or_else(|| assembly.header.patient.clone());
    let profile = &assembly.profile;
    // A profile was read as data or will be written as data: it can be serialised.
    let json = serde_json::to_string(&**profile).unwrap_or_default();
    let hash = blake3::hash(json.as_bytes()).to_hex()[..HASH_DIGITS].to_owned();
    let state = assembly.session.as_ref();
    let mut rooms = std::mem::take(&mut assembly.kept.rooms);
    if let Some(last) = rooms.last_mut() {
        last.to = last.to.or(assembly.kept.ended_at);
    }
    RecordHeader {
        clinic,
        time_zone,
        session: session.clone(),
        room: rooms.last().map_or_else(|| assembly.header.room.clone(), |stay| stay.room.clone()),
        rooms,
        patient: RecordedPatient {
            initials: known.initials,
            age: known.age,
            weight_kg: known.weight_kg,
            id: known.id,
            course: known.course,
            number: known.number,
            person,
            is_removed: removed.is_some(),
        },
        phase: state.map_or(Phase::CheckedIn, |session| session.phase),
        opened_at: times.opened_at,
        started_at: state.and_then(|session| session.started_at),
        ended_at: assembly.kept.ended_at,
        planned_s: state.map_or(profile.planned_s, |session| session.planned_s),
        profile: ProfileUsed {
            name: profile.name.clone(),
            version: profile.version,
            title: profile.title.clone(),
            drug: profile.dose.as_ref().map(|dose| dose.drug.clone()),
            hash,
            approved: profile.approved.clone(),
        },
        staff: std::mem::take(&mut assembly.kept.staff),
        prescriber,
        devices: std::mem::take(&mut assembly.kept.devices),
        programs: std::mem::take(&mut assembly.programs),
        hash: assembly.about.hash.clone().or(assembly.hash.clone()),
        entries: assembly.entries,
        made_by_program: assembly.about.made_by_program.clone(),
        made_at: assembly.about.made_at,
        made_for: assembly.about.made_for.clone(),
    }
}

fn all_spells(assembly: &Assembly, times: Times) -> Spells {
    let (from, to) = (times.opened_at, times.to);
    let mut blind: Vec<Blind> = assembly.kept.blind.clone();
    blind.sort_by_key(|blind| blind.from);
    let of = |vital: Vital| {
        let samples = assembly.kept.samples.get(&vital);
        spells(samples.map_or(&[][..], |samples| &samples.all), &blind, (from, to))
    };
    let known = assembly.kept.samples.iter().filter(|(_, samples)| !samples.all.is_empty());
    let by_vital = known.map(|(vital, _)| (*vital, of(*vital))).collect();
    let heart_rate = either(&of(Vital::HeartRate), &of(Vital::PulseRate));
    Spells { by_vital, heart_rate, spo2: of(Vital::Spo2) }
}

fn trends(spells: &Spells, times: Times) -> Vec<Trend> {
    let trend = |(vital, spells): &(Vital, Vec<Spell>)| {
        let mut trend = Trend {
            vital: *vital,
            unit: vital.unit().to_owned(),
            at: Vec::new(),
            values: Vec::new(),
            absences: Vec::new(),
        };
        for spell in spells {
            match spell.said {
                Said::Good(value) => {
                    trend.at.push(spell.from);
                    trend.values.push(value);
                }
                Said::Missing(Why::NotYet) if spell.from == times.opened_at => {}
                Said::Missing(why) => {
                    let text = why.words().to_owned();
                    trend.absences.push(Absence { from: spell.from, to: spell.to, text });
                }
            }
        }
        trend
    };
    spells.by_vital.iter().map(trend).collect()
}

/// What people measured, without pressures.
fn by_hand(assembly: &Assembly) -> Vec<Measured> {
    let mut all = Vec::new();
    for done in assembly.kept.done.iter().filter(|done| !done.is_withdrawn) {
        let Event::ManualVitals(vitals) = &done.event else { continue };
        for reading in vitals.readings() {
            let Observation::Measured(Value::Number(value), _) = reading.observation else {
                continue;
            };
            let (at, by, n) = (done.at, done.by.clone(), done.n);
            all.push(Measured { at, vital: reading.vital, value, by, n });
        }
    }
    all.sort_by_key(|measured| measured.at);
    all
}

/// What was missing, including the times in which nobody could see the room.
fn interruptions(assembly: &Assembly, times: Times) -> Vec<Interruption> {
    let mut all = assembly.kept.interruptions.clone();
    for (from, to) in coverage::unwatched(assembly, times) {
        let is_open = to >= times.to && assembly.kept.ended_at.is_none();
        let text = "No live screen with sound showed the room".to_owned();
        let kind = InterruptionKind::Unwatched;
        all.push(Interruption { kind, from, to: (!is_open).then_some(to), text });
    }
    all.sort_by_key(|interruption| interruption.from);
    all
}
