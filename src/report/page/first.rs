//! The first part: who it is, what was ordered and given, how far the values went.

use maud::{Markup, html};

use super::super::words::{length, signed};
use super::super::{Extreme, Return, VitalSummary};
use super::{Page, full_name, heading};
use crate::vitals::Decimal;

impl Page<'_> {
    pub(super) fn facts(&self) -> Markup {
        let header = &self.record.header;
        let patient = &header.patient;
        let person = patient.person.as_ref();
        let stated = self.record.stated.as_ref();
        let weight = stated.and_then(|stated| stated.weight_kg).map(|kg| kg.to_string());
        let weight = weight.or_else(|| patient.weight_kg.map(|kg| kg.to_string()));
        let staff: Vec<_> = header.staff.iter().map(|staff| staff.by.as_str()).collect();
        let devices: Vec<_> = header.devices.iter().map(|device| device.device.as_str()).collect();
        let numbers = person.map(|person| {
            let one = |id: &crate::people::NamedId| match id.authority.as_str() {
                "" => id.number.clone(),
                of => format!("{} ({of})", id.number),
            };
            person.ids.iter().map(one).collect::<Vec<_>>().join(", ")
        });
        let limits = match self.record.limit_changes.len() {
            0 => "as the profile".to_owned(),
            1 => "1 change, see below".to_owned(),
            count => format!("{count} changes, see below"),
        };
        html! {
            dl .facts {
                div .span2 {
                    dt { "Patient" }
                    dd {
                        @match person.and_then(full_name) {
                            Some(name) => bdi { (name) },
                            None if patient.is_removed => "name removed",
                            None => (self.short_name()),
                        }
                        @if let Some(born) = person.and_then(|person| person.birth_date) { ", born " (born) }
                        @else if let Some(age) = patient.age { ", " (age) " years" }
                        @if let Some(sex) = person.and_then(|person| person.sex.as_ref()) { ", " (sex) }
                        @if let Some(weight) = &weight { ", " (weight) " kg" }
                    }
                }
                div { dt { "Room" } dd { (self.rooms()) } }
                div { dt { "Opened to " @if header.ended_at.is_some() { "ended" } @else { "now" } }
                    dd {
                        (self.clock.hm(header.opened_at)) " – "
                        @match header.ended_at { Some(at) => (self.clock.hm(at)), None => "running" }
                        ", " (header.phase.words())
                    }
                }
                @if let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) {
                    div .span2 { dt { "Numbers" } dd { bdi { (numbers) } } }
                }
                div { dt { "Staff" } dd { @if staff.is_empty() { "nobody named" } @else { (staff.join(", ")) } } }
                div { dt { "Prescriber" } dd { (header.prescriber.as_deref().unwrap_or("–")) } }
                div .span2 {
                    dt { "Profile" }
                    dd {
                        (header.profile.title) ", version " (header.profile.version)
                        " " span .mono.quiet { (header.profile.hash) }
                        @if header.profile.approved.is_none() { " " span .tag { "not approved" } }
                    }
                }
                div {
                    dt { "Limits" }
                    dd {
                        @if self.record.limit_changes.is_empty() { (limits) }
                        @else { a href="#limits" { (limits) } }
                    }
                }
                div { dt { "Monitors" } dd { @if devices.is_empty() { "none" } @else { (devices.join(", ")) } } }
                @if let Some(allergies) = stated.and_then(|stated| stated.allergies.as_ref()) {
                    div class=[wide(allergies)] { dt { "Allergies" } dd { bdi { (allergies) } } }
                }
                @if let Some(escort) = stated.and_then(|stated| stated.escort.as_ref()) {
                    div class=[wide(&escort.name)] { dt { "Escort" } dd { bdi { (escort.name) } " " (escort.phone) } }
                }
            }
        }
    }

    /// `3` or, for a session that moved, `3, from 09:51 in 5`.
    fn rooms(&self) -> String {
        let header = &self.record.header;
        let Some((first, moved_to)) = header.rooms.split_first() else {
            return header.room.to_string();
        };
        moved_to.iter().fold(first.room.to_string(), |text, stay| {
            format!("{text}, from {} in {}", self.clock.hm(stay.from), stay.room)
        })
    }

    pub(super) fn dose(&self) -> Markup {
        let record = self.record;
        let infusion = &record.infusion;
        let order = record.order.as_ref();
        let given = record.given.as_ref();
        let pause_ms: i64 = infusion.pauses.iter().filter_map(|p| Some(p.to?.since(p.from))).sum();
        html! {
            div .dose {
                div {
                    span .quiet { "Ordered" }
                    @match order {
                        Some(order) => {
                            strong { @match order.order.mg { Some(mg) => { (short(mg)) " mg" }, None => "–" } }
                            span .small { (listed(&[
                                order.order.drug.clone(),
                                in_unit(order.order.mg_per_kg, "mg/kg"),
                                in_unit(order.order.ml, "mL"),
                                in_unit(order.order.minutes, "min"),
                            ])) }
                            span .small {
                                "by " (order.order.ordered_by.as_deref().unwrap_or(&order.by)) " " (self.clock.hm(order.at))
                                @if let Some(by) = &order.checked_by { ", checked by " (by) }
                            }
                        }
                        None => { strong { "–" } span .small { "no order in this record" } }
                    }
                }
                div {
                    span .quiet { "Given" }
                    @match given {
                        Some(given) => {
                            strong { (short(given.mg)) " mg" }
                            span .small { (listed(&[
                                in_unit(given.mg_per_kg, "mg/kg"),
                                in_unit(given.ml, "mL"),
                                in_unit(given.percent, "%"),
                            ])) }
                            span .small { "by the recorded rates" }
                        }
                        None => { strong { "–" } span .small { "cannot be known" } }
                    }
                }
                div {
                    span .quiet { "Start to end" }
                    strong {
                        @match infusion.started_at {
                            Some(start) => {
                                (self.clock.hm(start)) " – "
                                @match infusion.ended_at { Some(end) => (self.clock.hm(end)), None => "running" }
                            }
                            None => "not started",
                        }
                    }
                    @if infusion.started_at.is_some() { span .small { "running for " (length(infusion.running_ms)) } }
                    @for dose in &infusion.doses {
                        span .small {
                            (self.clock.hm(dose.at)) " "
                            @match dose.mg { Some(mg) => { (short(mg)) " mg" }, None => "dose" }
                            @if let Some(lot) = &dose.lot { ", lot " (lot) }
                            " " (dose.by)
                        }
                    }
                }
                div {
                    span .quiet { @match infusion.pauses.len() { 0 => "Pauses", 1 => "One pause", n => { (n) " pauses" } } }
                    strong { @if infusion.pauses.is_empty() { "none" } @else { (length(pause_ms)) } }
                    @for pause in infusion.pauses.iter().take(3) {
                        span .small {
                            "at " (self.clock.hm(pause.from))
                            @if let Some(reason) = &pause.reason { ", " (reason) }
                        }
                    }
                }
                div {
                    span .quiet { "Not given" }
                    @match given {
                        Some(given) => strong { (short(given.not_given_mg)) " mg" },
                        None => strong { "–" },
                    }
                    @if let Some(reason) = &infusion.end_reason { span .small { (reason) } }
                }
            }
        }
    }

    pub(super) fn summary(&self) -> Markup {
        let summary = &self.record.summary;
        let rows = [
            ("Systolic", "mmHg", &summary.systolic),
            ("Diastolic", "mmHg", &summary.diastolic),
            ("HR", "/min", &summary.heart_rate),
            ("SpO₂", "%", &summary.spo2),
        ];
        let beside = match (summary.accepted_at, &summary.accepted_by) {
            (Some(at), Some(by)) => format!("baseline accepted {} by {by}", self.clock.hm(at)),
            _ => "no baseline was accepted".to_owned(),
        };
        html! {
            section .whole {
                (heading("Baseline, furthest and return", &beside))
                table .summary {
                    thead { tr {
                        th { "Since the start" } th .n { "Baseline" } th { "Highest" } th .n { "Change" }
                        th { "Lowest" } th .n { "Change" } th { "Back within 10" }
                    } }
                    tbody {
                        @for (name, unit, vital) in rows {
                            tr {
                                th { (name) " " span .quiet { (unit) } }
                                td .n { @match vital.baseline { Some(value) => (value), None => "–" } }
                                (self.furthest(vital.highest))
                                (self.furthest(vital.lowest))
                                td { (self.back(vital)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn furthest(&self, extreme: Option<Extreme>) -> Markup {
        html! {
            @match extreme {
                Some(extreme) => {
                    td { strong { (extreme.value) } " at " (self.clock.hm(extreme.at)) }
                    td .n { @match extreme.change { Some(change) => (signed(change)), None => "–" } }
                }
                None => { td { "–" } td .n { "–" } }
            }
        }
    }

    fn back(&self, vital: &VitalSummary) -> String {
        match vital.back {
            None => "–".to_owned(),
            Some(Return::NeverLeft) => "never further".to_owned(),
            Some(Return::NotBack) => "not in this record".to_owned(),
            Some(Return::Back { at, after_ms }) => {
                let minutes = (after_ms + 30_000) / 60_000;
                format!("{}, after {minutes} min", self.clock.hm(at))
            }
        }
    }

    pub(super) fn low_spo2(&self) -> Markup {
        let summary = &self.record.summary;
        let beside = format!("of {} with a valid value", length(summary.spo2_valid_ms));
        html! {
            section .whole {
                (heading("SpO₂ at or below", &beside))
                table {
                    thead { tr { th { "Limit" } th .n { "Time" } th .n { "Times" } th .n { "Longest" } } }
                    tbody {
                        @for low in &summary.spo2_low {
                            tr {
                                th {
                                    "≤ " (low.at_or_below) " % "
                                    span .quiet { @match low.level { Some(1) => "caution", Some(2) => "urgent", Some(_) => "extreme", None => "" } }
                                }
                                td .n { strong { (length(low.ms)) } }
                                td .n { (low.episodes) }
                                td .n { @if low.episodes == 0 { "–" } @else { (length(low.longest_ms)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Half of the width, for text that does not fit a quarter in two lines.
fn wide(text: &str) -> Option<&'static str> {
    (text.chars().count() > 48).then_some("span2")
}

fn in_unit(value: Option<Decimal>, unit: &str) -> Option<String> {
    value.map(|value| format!("{}\u{a0}{unit}", short(value)))
}

fn listed(parts: &[Option<String>]) -> String {
    parts.iter().flatten().cloned().collect::<Vec<_>>().join(", ")
}

/// Without zeros at its end.
pub(super) fn short(value: Decimal) -> Decimal {
    Decimal::trimmed(value.as_f64())
}
