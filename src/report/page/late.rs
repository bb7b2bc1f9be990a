//! What came too late to be judged, in few lines: a backlog is hundreds of values.

use maud::{Markup, html};

use super::super::words::vital_name;
use super::{Page, heading};
use crate::report::LateReading;
use crate::vitals::{Pressure, Vital};

/// A longer distance between two late values begins a line of its own.
const APART_MS: i64 = 120_000;

impl Page<'_> {
    pub(super) fn late(&self) -> Markup {
        let runs = runs(&self.record.late);
        html! {
            @if !runs.is_empty() {
                section {
                    (heading("Came late", "charted, judged by no alarm, in no other number"))
                    table { tbody {
                        @for run in runs { (self.late_run(&run)) }
                    } }
                }
            }
        }
    }

    fn late_run(&self, run: &[&LateReading]) -> Markup {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return html! {} };
        let [from, to] = [first.at, last.at].map(|at| self.clock.hm(at));
        let times = if from == to { from } else { format!("{from}–{to}") };
        html! {
            tr {
                td .time { (times) }
                td {
                    strong { (vital_name(first.vital)) " " (values(run)) }
                    " · came at " (self.clock.hm(last.heard_at))
                }
                td .by { (first.device) }
            }
        }
    }
}

/// By vital and device, in order of time.
fn runs(late: &[LateReading]) -> Vec<Vec<&LateReading>> {
    let mut runs: Vec<Vec<&LateReading>> = Vec::new();
    for one in late {
        let is_next = |run: &&mut Vec<&LateReading>| {
            run.last().is_some_and(|last| {
                (last.vital, &last.device) == (one.vital, &one.device)
                    && one.vital != Vital::Nibp
                    && one.at.since(last.at) <= APART_MS
            })
        };
        match runs.iter_mut().rev().find(is_next) {
            Some(run) => run.push(one),
            None => runs.push(vec![one]),
        }
    }
    runs
}

fn values(run: &[&LateReading]) -> String {
    match run {
        [one] => match one.value {
            Some(value) => value.to_string(),
            None => Pressure::to_string(&one.pressure()),
        },
        all => {
            let numbers = || all.iter().filter_map(|one| one.value);
            let by_value = |a: &crate::vitals::Decimal, b: &crate::vitals::Decimal| {
                a.as_f64().total_cmp(&b.as_f64())
            };
            let ends = numbers().min_by(by_value).zip(numbers().max_by(by_value));
            let range = ends.map(|(low, high)| format!("{low} to {high}, ")).unwrap_or_default();
            format!("{range}{} values", all.len())
        }
    }
}
