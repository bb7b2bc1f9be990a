use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::words::length;
use super::first::short;
use super::{Page, heading};
use crate::gates::{GateState, ItemState, Step};
use crate::report::{ReasonTotal, RecordedScore};
use crate::room::{EventType, ListedType, OwnLimits, Waived};

/// The value of a shipped scale at which a patient is well (clinical.md#scores); of a clinic's own
/// scale it is not known.
fn well(score: &str) -> Option<i32> {
    match score {
        "moaa_s" => Some(5),
        "aldrete" | "padss" => Some(10),
        "distress" | "dissociation" | "pain" => Some(0),
        _ => None,
    }
}

/// The value furthest from what it was before the start; where nobody scored before, from well. The
/// first of several.
fn furthest<'a>(
    given: &[&'a RecordedScore],
    before: Option<&RecordedScore>,
) -> Option<&'a RecordedScore> {
    let first = given.first()?;
    let usual = before.map(|score| score.value).or_else(|| well(&first.score));
    let usual = usual.unwrap_or(first.value);
    given.iter().copied().max_by_key(|score| {
        let distance = score.value.abs_diff(usual);
        (distance, Reverse(score.at))
    })
}

impl Page<'_> {
    pub(super) fn medications(&self) -> Markup {
        let record = self.record;
        html! {
            section {
                (heading("Medications", ""))
                @if record.medications.is_empty() && record.oxygen.is_empty() { p .none { "None besides the infusion." } }
                @else {
                    table { tbody {
                        @for given in &record.medications {
                            tr {
                                td .time { (self.clock.hm(given.at)) }
                                td { bdi { (given.what.words()) } @if let Some(note) = &given.what.note { br; bdi .small { (note) } } }
                                td .by { (given.by) }
                            }
                        }
                        @for oxygen in &record.oxygen {
                            tr {
                                td .time { (self.clock.hm(oxygen.at)) }
                                td { (oxygen.what.words()) }
                                td .by { (oxygen.by) }
                            }
                        }
                    } }
                }
            }
        }
    }

    pub(super) fn scores(&self) -> Markup {
        let mut by_score: BTreeMap<&str, Vec<&RecordedScore>> = BTreeMap::new();
        for score in &self.record.scores {
            by_score.entry(&score.score).or_default().push(score);
        }
        let started = self.record.header.started_at;
        html! {
            section {
                (heading("Scores", ""))
                @if by_score.is_empty() { p .none { "None." } }
                @else {
                    table {
                        thead { tr { th { "" } th .n { "Before" } th { "Furthest" } th .n { "Last" } } }
                        tbody {
                            @for (_, given) in &by_score {
                                @let before = given.iter().rev().find(|s| started.is_none_or(|start| s.at < start));
                                @let last = given.last();
                                @let furthest = furthest(given, before.copied());
                                tr {
                                    th { (given[0].text) }
                                    td .n { @match before { Some(score) => (score.value), None => "–" } }
                                    td { @if let Some(score) = furthest { strong { (score.value) } " at " (self.clock.hm(score.at)) " " span .small { (score.by) } } }
                                    td .n { @match last { Some(score) => (score.value), None => "–" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn coverage(&self) -> Markup {
        let coverage = &self.record.coverage;
        let (Some(from), Some(to)) = (coverage.from, coverage.to) else {
            return html! {
                section { (heading("Coverage", "")) p .none { "Continuous values were not expected yet." } }
            };
        };
        let end = match coverage.end {
            Some(crate::report::CoverageEnd::AfterInfusion) => "20 min after the end",
            Some(crate::report::CoverageEnd::SessionEnd) => "end of the session",
            _ => "now",
        };
        let beside = format!("{} to {} ({end})", self.clock.hms(from), self.clock.hms(to));
        html! {
            section {
                (heading("Coverage", &beside))
                p .covered {
                    strong { (length(coverage.spo2.valid_ms)) } " of " strong { (length(coverage.expected_ms)) }
                    " with valid SpO₂"
                    @if let Some(percent) = coverage.spo2.percent { ", " (percent) " %" }
                }
                (self.bar())
                table { tbody {
                    @for missing in &coverage.spo2.missing { (self.missing("SpO₂", missing)) }
                    @for missing in &coverage.heart_rate.missing { (self.missing("HR", missing)) }
                    tr { th { "Heart rate valid" } td .n { strong { (length(coverage.heart_rate.valid_ms)) } } }
                    tr { th { "A live screen with sound" } td .n { strong { (length(coverage.watched_ms)) } } }
                    tr { th { "Valid SpO₂ on a live screen" } td .n { strong { (length(coverage.covered_ms)) } } }
                } }
            }
        }
    }

    fn missing(&self, vital: &str, missing: &ReasonTotal) -> Markup {
        html! {
            tr {
                td {
                    (vital) ": " (missing.text) ", "
                    @if missing.times > 1 { (missing.times) " times, first " }
                    (self.clock.hm(missing.first_at))
                }
                td .n { (length(missing.ms)) }
            }
        }
    }

    /// The expected time, with the part in which SpO2 was missing in black.
    fn bar(&self) -> Markup {
        let coverage = &self.record.coverage;
        let (Some(from), Some(to)) = (coverage.from, coverage.to) else { return html! {} };
        let all = to.since(from).max(1) as f64;
        let part =
            |at: crate::vitals::Millis| (at.since(from) as f64 / all * 1_000.0).clamp(0.0, 1_000.0);
        let trend = self.record.trend(crate::vitals::Vital::Spo2);
        let first = trend.and_then(|trend| trend.at.first().copied()).unwrap_or(to);
        let mut missing = vec![(from, first)];
        missing.extend(trend.into_iter().flat_map(|t| &t.absences).map(|gap| (gap.from, gap.to)));
        let missing =
            missing.into_iter().filter(|(begin, end)| end > begin && *begin < to && *end > from);
        html! {
            svg .bar viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="When SpO2 was missing" {
                rect x="0" y="0" width="1000" height="24" fill="#d9d9d9" {}
                @for (begin, end) in missing {
                    rect x=(format!("{:.1}", part(begin))) y="0" height="24" fill="#000"
                        width=(format!("{:.1}", (part(end) - part(begin)).max(1.5))) {}
                }
            }
        }
    }

    pub(super) fn interruptions(&self) -> Markup {
        let all = &self.record.interruptions;
        html! {
            @if !all.is_empty() {
                section {
                    (heading("Not there", ""))
                    table { tbody {
                        @for one in all {
                            tr {
                                td .time { (self.clock.hms(one.from)) }
                                td { (one.text) }
                                td .n { @match one.to { Some(to) => (length(to.since(one.from))), None => "lasts" } }
                            }
                        }
                    } }
                }
            }
        }
    }

    pub(super) fn adverse(&self) -> Markup {
        let record = self.record;
        html! {
            @if !record.symptoms.is_empty() || !record.adverse_events.is_empty() {
                section {
                    (heading("Symptoms and adverse events", ""))
                    table {
                        thead { tr { th { "From" } th { "To" } th { "What" } th { "Done, and what came of it" } th .by { "By" } } }
                        tbody {
                            @for symptom in &record.symptoms {
                                tr {
                                    td .time { (self.clock.hm(symptom.from)) }
                                    td .time { @match symptom.to { Some(to) => (self.clock.hm(to)), None => "–" } }
                                    td { (symptom.text) }
                                    td { @if let Some(note) = &symptom.note { bdi { (note) } } }
                                    td .by { (symptom.by) }
                                }
                            }
                            @for event in &record.adverse_events {
                                tr {
                                    td .time { (self.clock.hm(event.at)) }
                                    td {}
                                    td { strong { (severity(event.what.severity)) } ": " bdi { (event.what.text) } }
                                    td {
                                        @if let Some(action) = &event.what.action { bdi { (action) } ". " }
                                        @match &event.what.outcome { Some(outcome) => bdi { (outcome) }, None => span .tag { "outcome open" } }
                                    }
                                    td .by { (event.by) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn limits(&self) -> Markup {
        let record = self.record;
        html! {
            @if !record.limit_changes.is_empty() || !record.overrides.is_empty() {
                section id="limits" {
                    (heading("Limits changed, and gates passed with something missing", ""))
                    table { tbody {
                        @for change in &record.limit_changes {
                            tr {
                                td .time { (self.clock.hm(change.at)) }
                                td {
                                    (change.text) ": "
                                    @match &change.limits { Some(limits) => (own_words(limits)), None => "back to the profile’s" }
                                }
                                td {
                                    bdi { (change.reason) }
                                    @if let Some(prescriber) = &change.prescriber { ", decided by " (prescriber) }
                                }
                                td .by { (change.by) }
                            }
                        }
                        @for waived in &record.overrides { (self.waived(waived)) }
                    } }
                }
            }
        }
    }

    fn waived(&self, waived: &Waived) -> Markup {
        html! {
            tr {
                td .time { (self.clock.hm(waived.at)) }
                td {
                    (step_words(waived.step)) " without: "
                    @if waived.items.is_empty() { "what spoke against it" } @else { (waived.items.join("; ")) }
                }
                td { @if waived.reason.is_empty() { "reason removed" } @else { bdi { (waived.reason) } } }
                td .by { (waived.by) }
            }
        }
    }

    pub(super) fn checklists(&self) -> Markup {
        // For paperwork that is kept elsewhere there is nothing to show but what the room measured.
        html! {
            @for gate in &self.record.checklists {
                @if !gate.items.is_empty() { (self.checklist(gate)) }
            }
        }
    }

    fn checklist(&self, gate: &GateState) -> Markup {
        let is_said = |item: &ItemState| item.met || item.by.is_some() || item.measured;
        if !gate.items.iter().any(is_said) {
            return html! {
                section {
                    (heading(step_words(gate.step), ""))
                    p .none { "None of its " (gate.items.len()) " items is in this record." }
                }
            };
        }
        let open = gate.items.iter().filter(|item| !item.met).count();
        let beside = if open == 0 { String::new() } else { format!("{open} not met") };
        html! {
            section .checklist {
                (heading(step_words(gate.step), &beside))
                ul { @for item in &gate.items { (self.item(item)) } }
            }
        }
    }

    fn item(&self, item: &ItemState) -> Markup {
        html! {
            li {
                span .box aria-label=(if item.met { "met" } else { "not met" }) { @if item.met { "✓" } }
                span .what {
                    (item.text)
                    @if !item.detail.is_empty() { span .quiet { ": " (item.detail) } }
                }
                span .by {
                    @match (&item.by, item.at) {
                        (Some(by), Some(at)) => { (by) " " (self.clock.hm(at)) },
                        _ if item.measured => "measured",
                        _ => "–",
                    }
                }
            }
        }
    }

    /// Staff's long texts, which do not fit the list of events.
    pub(super) fn notes(&self) -> Markup {
        let is_note = |kind| kind == ListedType::Task || kind == ListedType::Event(EventType::Note);
        let tasks: Vec<_> = self
            .record
            .events
            .iter()
            .filter(|event| is_note(event.kind) && event.kind == ListedType::Task)
            .collect();
        html! {
            @if !tasks.is_empty() {
                section {
                    (heading("Noticed by dripwatch", ""))
                    table { tbody {
                        @for task in tasks { tr { td .time { (self.clock.hms(task.at)) } td { (task.text) } } }
                    } }
                }
            }
        }
    }

    pub(super) fn corrections(&self) -> Markup {
        let all = &self.record.corrections;
        html! {
            @if !all.is_empty() {
                section {
                    (heading("Corrected, originals kept", ""))
                    table { tbody {
                        @for one in all {
                            tr {
                                td .time { (self.clock.hm(one.at)) }
                                td {
                                    "Of " (self.clock.hm(one.of)) ": " s { bdi { (one.original) } }
                                    @if let Some(now) = &one.now { " → " (now) }
                                    @else { ", taken back" }
                                    @if let Some(reason) = &one.reason { ": " bdi { (reason) } }
                                }
                                td .by { (one.by) }
                            }
                        }
                    } }
                }
            }
        }
    }
}

const fn severity(severity: crate::room::Severity) -> &'static str {
    match severity {
        crate::room::Severity::Mild => "Mild",
        crate::room::Severity::Moderate => "Moderate",
        crate::room::Severity::Severe => "Severe",
    }
}

const fn step_words(step: Step) -> &'static str {
    match step {
        Step::CheckIn => "Check-in",
        Step::Screening => "Screening",
        Step::Baseline => "Baseline",
        Step::Start => "Start",
        Step::Discharge => "Discharge",
    }
}

fn own_words(own: &OwnLimits) -> String {
    let stages = [("caution", own.caution), ("urgent", own.urgent), ("extreme", own.extreme)];
    let given =
        stages.iter().filter_map(|(stage, limit)| Some(format!("{stage} {}", short((*limit)?))));
    given.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::Millis;

    fn furthest_of(score: &str, before: Option<i32>, values: &[i32]) -> Option<i32> {
        let scored = |(n, value): (usize, &i32)| RecordedScore {
            n: n as u32,
            at: Millis(n as i64),
            by: "KM".to_owned(),
            score: score.to_owned(),
            text: score.to_owned(),
            value: *value,
            note: None,
        };
        let all: Vec<_> = before.iter().chain(values).enumerate().map(scored).collect();
        let given: Vec<_> = all.iter().collect();
        furthest(&given, before.map(|_| &all[0])).map(|score| score.value)
    }

    #[test]
    fn a_score_that_nobody_gave_before_the_start_went_furthest_from_well() {
        assert_eq!(furthest_of("dissociation", None, &[6, 0]), Some(6));
        assert_eq!(furthest_of("dissociation", None, &[2, 7, 1]), Some(7));
        assert_eq!(furthest_of("moaa_s", None, &[3, 5]), Some(3));
        assert_eq!(furthest_of("aldrete", None, &[10]), Some(10));
        assert_eq!(furthest_of("pain", Some(6), &[4, 1, 5]), Some(1));
        assert_eq!(furthest_of("our_own", None, &[3, 3, 8]), Some(8));
        assert_eq!(furthest_of("our_own", None, &[]), None);
    }
}
