use std::collections::BTreeSet;

use maud::{Markup, html};

use super::super::TableRow;
use super::{Page, heading};
use crate::report::words::{capital, vital_name};

impl Page<'_> {
    pub(super) fn vitals(&self) -> Markup {
        let rows = &self.record.table;
        let given: BTreeSet<&str> =
            rows.iter().flat_map(|row| &row.scores).map(|score| score.score.as_str()).collect();
        let mut scores: Vec<&str> = given.into_iter().collect();
        // The level of sedation comes first, as everywhere.
        scores.sort_by_key(|score| *score != "moaa_s");
        let has_breath = rows.iter().any(|row| row.resp_rate.is_some());
        html! {
            section {
                (heading("Vitals at cadence", "HR and SpO₂: median of 30 s"))
                @if rows.is_empty() { p .none { "Nothing was measured." } }
                @else {
                    table .vitals {
                        thead { tr {
                            th { "Time" } th .n { "BP" } th .n { "HR" } th .n { "SpO₂" }
                            @if has_breath { th .n { "Breaths" } }
                            @for score in &scores { th .n { (score_head(score)) } }
                            th { "Note" }
                        } }
                        tbody { @for row in rows { (self.row(row, &scores, has_breath)) } }
                    }
                }
            }
        }
    }

    fn row(&self, row: &TableRow, scores: &[&str], has_breath: bool) -> Markup {
        let by_hand: Vec<_> = row.by_hand.iter().map(|vital| vital_name(*vital)).collect();
        let is_furthest = row.notes.iter().any(|note| note.ends_with("systolic"));
        html! {
            tr {
                td .time { (self.clock.hm(row.at)) }
                td .n .bold[is_furthest] {
                    @match &row.pressure {
                        Some(pressure) => (crate::report::pressure(pressure)),
                        None => "",
                    }
                }
                td .n { @if let Some(value) = row.heart_rate { (value) } }
                td .n { @if let Some(value) = row.spo2 { (value) } }
                @if has_breath { td .n { @if let Some(value) = row.resp_rate { (value) } } }
                @for score in scores {
                    td .n { @if let Some(given) = row.scores.iter().find(|s| s.score == *score) { (given.value) } }
                }
                td .note {
                    @if !by_hand.is_empty() { span .pill { "by hand" } " " (by_hand.join(", ")) " " }
                    (row.notes.join("; "))
                }
            }
        }
    }
}

fn score_head(score: &str) -> String {
    match score {
        "moaa_s" => "MOAA/S".to_owned(),
        "dissociation" => "Dissoc.".to_owned(),
        other => capital(&other.replace('_', " ")),
    }
}
