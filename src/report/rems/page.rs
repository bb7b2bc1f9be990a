//! The form as a page to print, complete by hand, and copy from.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::form::{RemsEffect, RemsForm, RemsPressure};
use crate::report::SessionRecord;
use crate::report::words::Clock;

const STYLE: &str = include_str!("rems.css");

struct Page<'a> {
    form: &'a RemsForm,
    clock: Clock,
}

/// The form as one page that needs nothing else; it prints on A4. `record` is what `form` was
/// made of.
#[must_use]
pub fn page(form: &RemsForm, record: &SessionRecord) -> String {
    let page = Page { form, clock: Clock::of(&record.header) };
    page.document().into_string()
}

impl Page<'_> {
    fn document(&self) -> Markup {
        let form = self.form;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { "REMS monitoring form, draft" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { "Esketamine REMS: patient monitoring form" }
                        p .draft {
                            strong { "Draft. " }
                            "Filled in from the record of session " span { (form.session) } "; what that does not know is empty. "
                            "Check every field. dripwatch does not submit it: a person does, "
                            @match &form.submit_by {
                                Some(day) => { "by " strong { (day) } "." },
                                None => "within 7 days of the treatment.",
                            }
                        }
                        @if !form.is_over { p .draft { strong { "The session is not over." } " This is what there was when it was made." } }
                    }
                    main {
                        (self.patient())
                        (self.concomitant())
                        (self.place())
                        (self.treatment())
                        (self.vitals())
                        (self.effects())
                        (self.events())
                        (self.missing())
                    }
                    footer { p { "Made by dripwatch on " (self.clock.day_hm(form.made_at)) ". Times are clinic time (" (form.time_zone.as_deref().unwrap_or("UTC")) ")." } }
                }
            }
        }
    }

    fn patient(&self) -> Markup {
        let patient = &self.form.patient;
        let birth_date = patient.birth_date.map(|day| day.to_string());
        let sex = |name: &str| patient.sex.as_deref() == Some(name);
        html! {
            section {
                h2 { "Patient" }
                dl {
                    (field("First name", patient.first_name.as_deref()))
                    (field("MI", patient.middle_initial.as_deref()))
                    (field("Last name", patient.last_name.as_deref()))
                    (field("Birth date", birth_date.as_deref()))
                    div { dt { "Sex" } dd { (tick("Male", sex("male"))) (tick("Female", sex("female"))) (tick("Other", sex("other"))) } }
                    (question("First treatment", patient.is_first_treatment))
                    (question("Enrolled in the REMS", patient.is_enrolled))
                }
            }
        }
    }

    fn concomitant(&self) -> Markup {
        let all = &self.form.concomitant;
        html! {
            section {
                h2 { "Concomitant medicines" }
                dl {
                    (question("Benzodiazepine", all.benzodiazepine))
                    (question("Other sedative or hypnotic", all.sedative_hypnotic))
                    (question("Opioid", all.opioid))
                    (question("Psychostimulant", all.psychostimulant))
                    (question("MAO inhibitor", all.maoi))
                }
                (noted(&all.noted))
            }
        }
    }

    fn place(&self) -> Markup {
        let (provider, setting) = (&self.form.provider, &self.form.setting);
        let staff = match provider.staff.as_slice() {
            [] => Vec::new(),
            staff => vec![format!("staff of the session: {}", staff.join(", "))],
        };
        html! {
            section {
                h2 { "Who monitored, and where" }
                dl {
                    (field("Name", provider.name.as_deref()))
                    (field("Telephone", provider.telephone.as_deref()))
                    (field("Email", provider.email.as_deref()))
                    (field("Healthcare setting", setting.name.as_deref()))
                    (field("Address", setting.address.as_deref()))
                }
                (noted(&staff))
            }
        }
    }

    fn treatment(&self) -> Markup {
        let treatment = &self.form.treatment;
        let dose = treatment.dose_mg.map(|mg| format!("{mg} mg"));
        let lots: Vec<_> = treatment.devices.iter().filter_map(|d| d.lot.as_deref()).collect();
        let lots = (!lots.is_empty()).then(|| lots.join(", "));
        let minutes = |minutes: Option<i64>| minutes.map(|minutes| format!("{minutes} min"));
        let devices: Vec<String> = treatment
            .devices
            .iter()
            .map(|device| {
                let mg = device
                    .mg
                    .map_or_else(|| "dose not recorded".to_owned(), |mg| format!("{mg} mg"));
                format!("Device at {}: {mg}", self.clock.hm(device.at))
            })
            .collect();
        html! {
            section {
                h2 { "Treatment" }
                dl {
                    (field("Date", treatment.date.as_deref()))
                    (field("Dose", dose.as_deref()))
                    (field("Lot", lots.as_deref()))
                    (field("Total time, first device to end of monitoring", minutes(treatment.total_minutes).as_deref()))
                    (field("Ready to leave without the 2-hour rule after", minutes(treatment.ready_after_minutes).as_deref()))
                }
                (noted(&devices))
            }
        }
    }

    fn vitals(&self) -> Markup {
        let (signs, pressures) = (&self.form.vital_signs, &self.form.blood_pressure);
        let words = |pressure: Option<RemsPressure>| {
            pressure.map(|p| {
                let (systolic, diastolic, at) = (p.systolic, p.diastolic, self.clock.hm(p.at));
                format!("{systolic}/{diastolic} mmHg at {at} (minute {})", p.minute)
            })
        };
        html! {
            section {
                h2 { "Vital signs" }
                dl {
                    (question("Acceptable before administration", signs.acceptable_before))
                    (question("Acceptable before completion", signs.acceptable_at_completion))
                }
                dl {
                    (field("Blood pressure before", words(pressures.before).as_deref()))
                    (field("Blood pressure at 40 minutes", words(pressures.at_40_minutes).as_deref()))
                    (field("Blood pressure before completion", words(pressures.at_completion).as_deref()))
                }
            }
        }
    }

    fn effects(&self) -> Markup {
        let form = self.form;
        html! {
            section {
                h2 { "Effects" }
                (self.effect("Sedation", "MOAA/S", &form.sedation))
                (self.effect("Dissociation", "0 to 10", &form.dissociation))
                (self.effect("Respiratory depression", "", &form.respiratory_depression))
            }
        }
    }

    fn effect(&self, name: &str, scale: &str, effect: &RemsEffect) -> Markup {
        let time = |at: Option<crate::vitals::Millis>, minute: Option<i64>| {
            let (at, minute) = at.zip(minute)?;
            Some(format!("{} (minute {minute})", self.clock.hm(at)))
        };
        let furthest = effect.furthest.map(|score| format!("Furthest score {score} ({scale})"));
        let words: Vec<String> = furthest.into_iter().chain(effect.noted.iter().cloned()).collect();
        html! {
            dl {
                (question(name, effect.experienced))
                (field("Onset", time(effect.onset_at, effect.onset_minute).as_deref()))
                (field("Resolved", time(effect.resolved_at, effect.resolved_minute).as_deref()))
            }
            (noted(&words))
        }
    }

    fn events(&self) -> Markup {
        let events = &self.form.adverse_events;
        html! {
            section {
                h2 { "Adverse events" }
                dl { (question("Serious adverse event", events.is_serious)) }
                (noted(&events.noted))
            }
        }
    }

    fn missing(&self) -> Markup {
        let missing = &self.form.missing;
        html! {
            @if !missing.is_empty() {
                section .missing {
                    h2 { "To fill in" }
                    ul { @for one in missing { li { (one) } } }
                }
            }
        }
    }
}

/// A field with its value, or an empty line to write on.
fn field(name: &str, value: Option<&str>) -> Markup {
    html! {
        div {
            dt { (name) }
            dd { @match value { Some(value) => bdi { (value) }, None => span .empty {} } }
        }
    }
}

/// Yes and no, of which one is ticked, or neither.
fn question(name: &str, answer: Option<bool>) -> Markup {
    html! {
        div {
            dt { (name) }
            dd { (tick("Yes", answer == Some(true))) (tick("No", answer == Some(false))) }
        }
    }
}

fn tick(name: &str, is_ticked: bool) -> Markup {
    html! {
        span .tick {
            span .box role="img" aria-label=(if is_ticked { "ticked" } else { "not ticked" }) { @if is_ticked { "✓" } }
            (name)
        }
    }
}

/// What the record has that may help to answer.
fn noted(all: &[String]) -> Markup {
    html! {
        @if !all.is_empty() { p .noted { "In the record: " bdi { (all.join("; ")) } } }
    }
}
