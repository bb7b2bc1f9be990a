use super::effects::{dissociation, minute, respiratory_depression, sedation};
use super::form::{
    RemsConcomitant, RemsDevice, RemsDose, RemsEvents, RemsForm, RemsPatient, RemsPressure,
    RemsPressures, RemsProvider, RemsSetting, RemsTreatment, RemsVitals,
};
use crate::gates::{ItemState, Step};
use crate::report::words::{Clock, severity, sex};
use crate::report::{RecordedPressure, SessionRecord};
use crate::room::Phase;
use crate::vitals::{Decimal, Millis};

const MINUTE_MS: i64 = 60_000;
/// The form is to be submitted within seven days (CLINICAL 7.7).
const SUBMIT_WITHIN_DAYS: i64 = 7;
/// The minute of the form's second pressure, and how far from it one may be; as the checklist
/// before leaving asks for it (clinical.md#leaving).
const SECOND_PRESSURE_MS: i64 = 40 * MINUTE_MS;
const NEAR_MS: i64 = 5 * MINUTE_MS;
/// Items of the shipped checklists that say whether vital signs are acceptable.
const BEFORE: &[&str] = &["no_hold"];
const AT_COMPLETION: &[&str] = &["two_pressures", "spo2", "heart_rate"];

/// The session gave something else: there is no such form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the REMS monitoring form is for esketamine; this session is {title}")]
pub struct NotEsketamine {
    /// The profile's, as staff call it.
    pub title: String,
}

/// The form of a session, with what its record knows.
///
/// # Errors
/// It was no esketamine.
pub fn rems(record: &SessionRecord) -> Result<RemsForm, NotEsketamine> {
    if !is_esketamine(record) {
        return Err(NotEsketamine { title: record.header.profile.title.clone() });
    }
    let header = &record.header;
    let clock = Clock::of(header);
    let first = record.infusion.started_at;
    let mut form = RemsForm {
        session: header.session.clone(),
        made_at: header.made_at,
        time_zone: header.time_zone.clone(),
        is_over: header.ended_at.is_some(),
        submit_by: first.map(|at| clock.date_after(at, SUBMIT_WITHIN_DAYS)),
        patient: patient(record),
        concomitant: RemsConcomitant { noted: medicines(record), ..RemsConcomitant::default() },
        provider: RemsProvider {
            staff: header.staff.iter().map(|staff| staff.by.clone()).collect(),
            ..RemsProvider::default()
        },
        setting: RemsSetting { name: header.clinic.clone(), address: None },
        treatment: treatment(record, &clock),
        vital_signs: RemsVitals {
            acceptable_before: first.and_then(|_| met(record, Step::Start, BEFORE)),
            acceptable_at_completion: (header.phase == Phase::Discharged)
                .then(|| met(record, Step::Discharge, AT_COMPLETION))
                .flatten(),
        },
        blood_pressure: pressures(record),
        sedation: sedation(record),
        dissociation: dissociation(record),
        respiratory_depression: respiratory_depression(record),
        adverse_events: RemsEvents { is_serious: None, noted: adverse(record, &clock) },
        missing: Vec::new(),
    };
    form.missing = missing(&form);
    Ok(form)
}

fn is_esketamine(record: &SessionRecord) -> bool {
    let ordered = record.order.as_ref().and_then(|order| order.order.drug.as_deref());
    let drug = ordered.or(record.header.profile.drug.as_deref());
    drug.is_some_and(|drug| drug.trim().eq_ignore_ascii_case("esketamine"))
}

fn patient(record: &SessionRecord) -> RemsPatient {
    let patient = &record.header.patient;
    let person = patient.person.clone().unwrap_or_default();
    let number = record.stated.as_ref().and_then(|stated| stated.series);
    // What is counted here says nothing of treatments elsewhere, unless it is not the first.
    let counted = patient.number.filter(|number| *number > 1).map(|_| false);
    RemsPatient {
        first_name: person.given,
        middle_initial: None,
        last_name: person.family,
        birth_date: person.birth_date,
        sex: person.sex.as_deref().and_then(sex).filter(|sex| *sex != "unknown").map(str::to_owned),
        is_first_treatment: number.map(|series| series.number == 1).or(counted),
        is_enrolled: None,
    }
}

fn medicines(record: &SessionRecord) -> Vec<String> {
    let gates = record.checklists.iter().filter(|gate| gate.step == Step::Screening);
    let asked = gates.flat_map(|gate| &gate.items).filter(|item| item.name == "medicines");
    let answered = asked.filter(|item| item.by.is_some());
    let answered = answered.map(|item| format!("Screening: {}: {}", item.text, item.detail));
    let given = record.medications.iter().map(|given| format!("Given: {}", given.what.words()));
    answered.chain(given).collect()
}

fn treatment(record: &SessionRecord, clock: &Clock) -> RemsTreatment {
    let infusion = &record.infusion;
    let doses: Option<Vec<Decimal>> = infusion.doses.iter().map(|dose| dose.mg).collect();
    let doses = doses.filter(|doses| !doses.is_empty());
    let dose_mg =
        doses.map(|doses| Decimal::trimmed(doses.iter().map(|mg| mg.as_f64()).sum::<f64>()));
    let device = |dose: &crate::report::DoseAtOnce| RemsDevice {
        at: dose.at,
        mg: dose.mg,
        lot: dose.lot.clone(),
    };
    RemsTreatment {
        date: infusion.started_at.map(|at| clock.date(at)),
        dose_mg,
        // While another device may come, no box is ticked.
        dose: dose_mg.filter(|_| infusion.ended_at.is_some()).map(|mg| match mg {
            mg if mg == Decimal::whole(56) => RemsDose::Mg56,
            mg if mg == Decimal::whole(84) => RemsDose::Mg84,
            _ => RemsDose::Other,
        }),
        devices: infusion.doses.iter().map(device).collect(),
        total_minutes: record.header.ended_at.and_then(|at| minute(record, at)),
        ready_after_minutes: None,
    }
}

/// Whether all of these items were met when the gate was passed.
fn met(record: &SessionRecord, step: Step, names: &[&str]) -> Option<bool> {
    let gates = record.checklists.iter().filter(|gate| gate.step == step);
    let items: Vec<&ItemState> = gates
        .flat_map(|gate| &gate.items)
        .filter(|item| names.contains(&item.name.as_str()))
        .collect();
    (!items.is_empty()).then(|| items.iter().all(|item| item.met))
}

fn pressures(record: &SessionRecord) -> RemsPressures {
    let Some(first) = record.infusion.started_at else { return RemsPressures::default() };
    let of = |pressure: &RecordedPressure| {
        Some(RemsPressure {
            systolic: pressure.systolic?,
            diastolic: pressure.diastolic?,
            at: pressure.at,
            minute: minute(record, pressure.at)?,
        })
    };
    let all: Vec<RemsPressure> = record.pressures.iter().filter_map(of).collect();
    let second = first.plus(SECOND_PRESSURE_MS);
    let away = |pressure: &&RemsPressure| pressure.at.since(second).abs();
    let last = |ended_at: Millis| {
        let of_treatment = |p: &&RemsPressure| p.at > first && p.at <= ended_at;
        all.iter().rev().find(of_treatment).copied()
    };
    RemsPressures {
        before: all.iter().rev().find(|pressure| pressure.at <= first).copied(),
        at_40_minutes: all
            .iter()
            .filter(|pressure| away(pressure) <= NEAR_MS)
            .min_by_key(away)
            .copied(),
        at_completion: record.header.ended_at.and_then(last),
    }
}

fn adverse(record: &SessionRecord, clock: &Clock) -> Vec<String> {
    let events = record.adverse_events.iter().map(|event| {
        let how = severity(event.what.severity);
        format!("{} {} ({how})", clock.hm(event.at), event.what.text)
    });
    events.collect()
}

/// What a person must fill in before the form can be submitted.
fn missing(form: &RemsForm) -> Vec<String> {
    let RemsForm { patient, provider, setting, treatment, .. } = form;
    let RemsForm { vital_signs, blood_pressure, concomitant, .. } = form;
    let has_lots = !treatment.devices.is_empty()
        && treatment.devices.iter().all(|device| device.lot.is_some());
    let asked = [
        (patient.first_name.is_some(), "First name"),
        (patient.last_name.is_some(), "Last name"),
        (patient.birth_date.is_some(), "Birth date"),
        (patient.sex.is_some(), "Sex"),
        (patient.is_first_treatment.is_some(), "First treatment"),
        (concomitant.benzodiazepine.is_some(), "Concomitant medicines, of each kind"),
        (provider.name.is_some(), "Who monitored: name, telephone, email"),
        (setting.name.is_some(), "Name of the clinic"),
        (setting.address.is_some(), "Address of the clinic"),
        (treatment.date.is_some(), "Date of the treatment"),
        (treatment.dose_mg.is_some(), "Dose"),
        (has_lots, "Lot of each device"),
        (treatment.total_minutes.is_some(), "Total time, which is known when the session is over"),
        (treatment.ready_after_minutes.is_some(), "When the patient would have been ready"),
        (vital_signs.acceptable_before.is_some(), "Vital signs acceptable before"),
        (vital_signs.acceptable_at_completion.is_some(), "Vital signs acceptable at completion"),
        (blood_pressure.before.is_some(), "Blood pressure before"),
        (blood_pressure.at_40_minutes.is_some(), "Blood pressure at 40 minutes"),
        (blood_pressure.at_completion.is_some(), "Blood pressure at completion"),
        (form.sedation.experienced.is_some(), "Sedation"),
        (form.dissociation.experienced.is_some(), "Dissociation"),
        (form.respiratory_depression.experienced.is_some(), "Respiratory depression"),
        (form.adverse_events.is_serious.is_some(), "Serious adverse event"),
    ];
    asked.iter().filter(|(is_there, _)| !is_there).map(|(_, name)| (*name).to_owned()).collect()
}
