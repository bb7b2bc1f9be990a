//! The record as one page that needs nothing else: it prints on A4, and reads in grey.

mod alerts;
mod first;
mod late;
mod lists;
mod sign_off;
mod table;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::words::Clock;
use super::{SessionRecord, chart};
use crate::people::Person;
use crate::vitals::SessionId;

const STYLE: &str = include_str!("record.css");

/// A page in the making.
struct Page<'a> {
    record: &'a SessionRecord,
    clock: Clock,
}

/// The record as a page.
#[must_use]
pub fn page(record: &SessionRecord) -> String {
    Page::of(record).document().into_string()
}

/// What the page holds, and what every sheet of it repeats.
pub(super) struct Body {
    /// Markup in which every element ends, `br` apart.
    pub(super) markup: String,
    pub(super) running: Running,
}

/// What every sheet repeats.
pub(super) struct Running {
    /// As the document is called.
    pub(super) title: String,
    /// Whom and what it is about.
    pub(super) top: String,
    /// Who made it, and how far it is.
    pub(super) bottom: String,
}

/// The record as what stands in its page.
pub(super) fn body(record: &SessionRecord) -> Body {
    let page = Page::of(record);
    Body { markup: page.body().into_string(), running: page.running() }
}

impl<'a> Page<'a> {
    fn of(record: &'a SessionRecord) -> Self {
        Self { record, clock: Clock::of(&record.header) }
    }
}

impl Page<'_> {
    fn document(&self) -> Markup {
        let running = self.running();
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (running.title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(running_lines(&running))) }
                }
                body { (self.body()) }
            }
        }
    }

    fn body(&self) -> Markup {
        let day = self.clock.day(self.record.header.opened_at);
        html! {
            (self.head(&day))
            main {
                (self.lacks())
                (self.facts())
                (self.dose())
                figure .chart { (PreEscaped(chart::svg(self.record))) }
                (self.summary())
                div .two {
                    div { (self.events()) }
                    div { (self.low_spo2()) (self.coverage()) }
                }
                (self.alerts())
                div .two.wide-left {
                    div { (self.vitals()) }
                    div { (self.medications()) (self.scores()) (self.interruptions()) }
                }
                (self.adverse())
                (self.limits())
                (self.checklists())
                (self.notes())
                (self.corrections())
                (self.late())
                (self.addenda())
                // By itself the foot would be on a page of its own.
                div .last { (self.sign_off()) (self.foot()) }
            }
        }
    }

    /// The patient as a title names them.
    fn short_name(&self) -> &str {
        let patient = &self.record.header.patient;
        if patient.initials.is_empty() { "no name" } else { &patient.initials }
    }

    fn running(&self) -> Running {
        let header = &self.record.header;
        let day = self.clock.day(header.opened_at);
        let made = self.clock.day_hm(header.made_at);
        let by = header.made_for.as_ref().map(|by| format!(" for {by}")).unwrap_or_default();
        let state = if self.record.is_final() { "" } else { " · not final" };
        Running {
            title: format!("Session record {} {day}", self.short_name()),
            top: format!("{} · {day} · session {}", self.short_name(), header.session),
            bottom: format!("dripwatch {} · made {made}{by}{state}", header.made_by_program),
        }
    }

    fn head(&self, day: &str) -> Markup {
        let header = &self.record.header;
        let stated = self.record.stated.as_ref().and_then(|stated| stated.series);
        let series = stated.map(|series| match series.of {
            Some(of) => format!("session {} of {of}", series.number),
            None => format!("session {}", series.number),
        });
        let counted = || header.patient.number.map(|number| format!("session {number}"));
        html! {
            header {
                div {
                    h1 { "Session record" }
                    p .who {
                        strong { (self.short_name()) }
                        @if let Some(series) = series.or_else(counted) { span { (series) } }
                        span { (day) }
                    }
                }
                div .clinic {
                    @if let Some(clinic) = &header.clinic { p { (clinic) } }
                    p .quiet {
                        @if header.session == SessionId::recording() { "from a recording" } @else { "Record " (header.session) }
                    }
                }
            }
        }
    }

    fn lacks(&self) -> Markup {
        let lacks = &self.record.lacks;
        html! {
            @if !lacks.is_empty() {
                section .lacks aria-label="What to know about this record" {
                    h2 { "What to know about this record" }
                    ul {
                        @for lack in lacks {
                            li {
                                (lack.text)
                                @if let (Some(from), Some(to)) = (lack.from, lack.to) {
                                    @if from == to { " At " (self.clock.hms(from)) "." }
                                    @else { " " (self.clock.hms(from)) " to " (self.clock.hms(to)) "." }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let header = &self.record.header;
        let zone = header.time_zone.as_deref().unwrap_or("UTC");
        let programs = match header.programs.as_slice() {
            [] => "a version that is not recorded".to_owned(),
            programs => programs.join(", "),
        };
        html! {
            footer {
                p {
                    "Watched by dripwatch " (programs) ". Made by " (header.made_by_program) " on "
                    (self.clock.day_hm(header.made_at))
                    @if let Some(by) = &header.made_for { " for " (by) }
                    ". Times are clinic time (" (zone) "). "
                    (header.entries) " entries"
                    @if let Some(hash) = &header.hash { ", the last one " span .mono { (hash.get(..16).unwrap_or(hash)) } }
                    ". dripwatch is not a medical device: the bedside monitor stays the primary alarm."
                }
            }
        }
    }
}

/// What is repeated on every printed page.
fn running_lines(Running { top, bottom, .. }: &Running) -> String {
    format!(
        "@page{{@top-left{{content:{}}}@bottom-left{{content:{}}}}}",
        css_text(top),
        css_text(bottom)
    )
}

/// The full name, or what is known of it.
fn full_name(person: &Person) -> Option<String> {
    let parts = [person.given.as_deref(), person.family.as_deref()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!name.trim().is_empty()).then_some(name)
}

/// A text in a style sheet: nothing in it can end the text or the sheet.
fn css_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '-' | ':' | '·') {
            quoted.push(c);
        } else {
            quoted.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    quoted + "\""
}

/// A heading, with the unit of its numbers beside it.
fn heading(text: &str, beside: &str) -> Markup {
    html! {
        div .heading {
            h2 { (text) }
            @if !beside.is_empty() { span .quiet { (beside) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_a_style_sheet() {
        assert_eq!(css_text("A.B. \"</style>"), "\"A.B. \\22 \\3c \\2f style\\3e \"");
    }
}
