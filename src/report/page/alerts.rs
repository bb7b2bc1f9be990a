use maud::{Markup, html};

use super::super::words::{length, mark};
use super::super::{AlertReceipt, Called, RecordedAlert, chart::numbered};
use super::{Page, heading};
use crate::room::Outcome;
use crate::rules::{Kind, Priority};
use crate::vitals::Millis;

impl Page<'_> {
    pub(super) fn events(&self) -> Markup {
        let events = numbered(self.record);
        html! {
            section {
                (heading("Events", ""))
                @if events.is_empty() { p .none { "Nothing was entered." } }
                table .events {
                    tbody {
                        @for (number, event) in events {
                            tr .gone[event.withdrawn.is_some()] {
                                td { span .disc { (number) } }
                                td .time { (self.clock.hm(event.at)) }
                                td {
                                    span .said { bdi { (event.text) } }
                                    @if let Some(gone) = &event.withdrawn {
                                        " " span .tag { "withdrawn " (gone.by) " " (self.clock.hm(gone.at)) }
                                    }
                                }
                                td .by { (event.by) }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn alerts(&self) -> Markup {
        let alerts = &self.record.alerts;
        let count = |kind| alerts.iter().filter(|alert| alert.kind == kind).count();
        let beside = format!(
            "{} about the patient, {} technical",
            count(Kind::Physiological),
            count(Kind::Technical)
        );
        html! {
            section {
                (heading("Alerts", &beside))
                @if alerts.is_empty() { p .none { "None." } }
                @else {
                    table .alerts {
                        thead { tr {
                            th { "Raised" } th { "" } th { "Alert" } th { "Worst" }
                            th { "Taken by, after" } th { "Over" } th { "Outcome" }
                        } }
                        tbody { @for alert in alerts { (self.alert(alert)) } }
                    }
                }
            }
        }
    }

    fn alert(&self, alert: &RecordedAlert) -> Markup {
        let class = match alert.priority {
            Priority::High => "sign high",
            Priority::Medium => "sign medium",
            Priority::Low => "sign low",
        };
        html! {
            tr {
                td .time { (self.clock.hms(alert.raised_at)) }
                td { span class=(class) title=(alert.priority.name()) { (mark(alert.priority)) } }
                td {
                    (alert.text)
                    @if !alert.shown_on.is_empty() {
                        br; span .small { (shown_on(alert)) }
                    } @else if let Some(shown) = alert.shown_at.filter(|at| at.since(alert.raised_at) > 2_000) {
                        br; span .small { "first on a screen " (self.clock.hms(shown)) }
                    }
                    @if let Some(called) = called(alert, |at| self.clock.hms(at)) {
                        br; span .small { (called) }
                    }
                    @for silence in &alert.silences {
                        br; span .small { "silenced " (silence.seconds) " s by " (silence.by) " " (self.clock.hms(silence.at)) }
                    }
                }
                td {
                    @if let Some(worst) = alert.worst {
                        strong { (worst) } @if let Some(unit) = &alert.unit { " " span .quiet { (unit) } }
                        @if let Some(at) = alert.worst_at { br; span .small { (self.clock.hms(at)) } }
                    } @else { "–" }
                }
                td {
                    @if alert.taken.is_empty() { @if alert.priority == Priority::Low { "–" } @else { span .tag { "nobody" } } }
                    @for (index, taken) in alert.taken.iter().enumerate() {
                        @if index > 0 { br; }
                        (taken.by) ", " (length(taken.after_ms))
                    }
                }
                td .time {
                    @match alert.ended_at {
                        Some(at) => { (self.clock.hms(at)) br; span .small { "after " (length(at.since(alert.raised_at))) } }
                        None => span .tag { "lasts" },
                    }
                }
                td {
                    @match &alert.outcome {
                        Some(outcome) => {
                            (outcome_words(outcome.outcome))
                            @if !outcome.by.is_empty() { ", " (outcome.by) " " (self.clock.hm(outcome.at)) }
                            @if let Some(note) = &outcome.note { br; bdi .small { (note) } }
                        }
                        None if alert.priority == Priority::High => span .tag { "open" },
                        None => "–",
                    }
                }
            }
        }
    }
}

/// The screens that are named; of more, how many.
const NAMED: usize = 4;

/// `shown on 3 screens, first after 0.4 s: KM’s phone, TJ’s station, wall display`.
fn shown_on(alert: &RecordedAlert) -> String {
    let screens = &alert.shown_on;
    let first = screens.iter().map(|receipt| receipt.at).min();
    let after_ms = first.map_or(0, |at| at.since(alert.raised_at).max(0));
    let mut names: Vec<String> = screens.iter().take(NAMED).map(AlertReceipt::words).collect();
    if screens.len() > NAMED {
        names.push(format!("{} more", screens.len() - NAMED));
    }
    let count = match screens.len() {
        1 => "1 screen".to_owned(),
        count => format!("{count} screens"),
    };
    format!(
        "shown on {count}, first after {}.{} s: {}",
        after_ms / 1_000,
        after_ms % 1_000 / 100,
        names.join(", ")
    )
}

/// `called: second nurse 10:32:10, prescriber 10:33:10`.
fn called(alert: &RecordedAlert, time: impl Fn(Millis) -> String) -> Option<String> {
    let one = |called: &Called| format!("{} {}", called.who.words(), time(called.at));
    let all: Vec<String> = alert.called.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("called: {}", all.join(", ")))
}

const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ExpectedEffect => "Expected effect",
        Outcome::SensorResited => "Sensor moved",
        Outcome::BpRepeated => "BP repeated",
        Outcome::ClinicianCalled => "Clinician called",
        Outcome::FalseAlert => "False alert",
        Outcome::Other => "Other",
    }
}
