use maud::{Markup, html};

use super::super::{OpenFor, OpenItem, SIGNATURE, Signature};
use super::{Page, heading};
use crate::record::Unsigned;

impl Page<'_> {
    pub(super) fn sign_off(&self) -> Markup {
        let record = self.record;
        // What is signed is open where one signs.
        let open: Vec<_> = record.open.iter().filter(|item| item.text != SIGNATURE).collect();
        let beside = if record.is_final() { "final" } else { "final when nothing is open" };
        html! {
            section .signing {
                (heading("Sign-off", beside))
                @if !open.is_empty() {
                    ul .open {
                        @for item in &open {
                            li {
                                span .tag { "open" } " " bdi { (item.text) }
                                span .quiet { " by a " (item.by.words()) ", since " (self.clock.hm(item.since)) }
                            }
                        }
                    }
                }
                div .boxes {
                    (self.box_for(OpenFor::Nurse, "Nurse"))
                    (self.box_for(OpenFor::Prescriber, "Prescriber"))
                }
            }
        }
    }

    /// Where a person signs on paper, or who has signed.
    fn box_for(&self, who: OpenFor, name: &str) -> Markup {
        let signed = self.record.signatures.iter().filter(|signed| self.role(signed) == who);
        let is_it = |item: &&OpenItem| item.text == SIGNATURE && item.by == who;
        let open = self.record.open.iter().find(is_it);
        html! {
            div {
                p .quiet { (name) }
                @if let Some(open) = open {
                    p { span .tag { "open" } " since " (self.clock.hm(open.since)) }
                }
                @for signature in signed {
                    p {
                        strong { "Signed " (signature.by) ", " (self.clock.day_hm(signature.at)) }
                        @if signature.name != signature.by { br; bdi { (signature.name) } }
                        @if signature.changed_since { " " span .tag { "changed since" } }
                        @if !signature.open.is_empty() {
                            br; span .small { "Still open then: " (open_then(&signature.open)) }
                        }
                    }
                }
                p .line { span { "name, initials" } span { "date, time" } }
            }
        }
    }

    /// Whose signature it is, as far as the record says who is who.
    fn role(&self, signature: &Signature) -> OpenFor {
        match &self.record.header.prescriber {
            Some(prescriber) if *prescriber == signature.by => OpenFor::Prescriber,
            _ => OpenFor::Nurse,
        }
    }

    /// What was added when the session was over.
    pub(super) fn addenda(&self) -> Markup {
        let all = &self.record.addenda;
        html! {
            @if !all.is_empty() {
                section {
                    (heading("Added after the session", ""))
                    table { tbody {
                        @for added in all {
                            tr {
                                td .time { (self.clock.day_hm(added.at)) }
                                td {
                                    @if added.text.is_empty() { span .quiet { "text removed" } }
                                    @else { bdi { (added.text) } }
                                    @if added.after_sign_off { " " span .tag { "after sign-off" } }
                                }
                                td .by { (added.by) }
                            }
                        }
                    } }
                }
            }
        }
    }
}

fn open_then(open: &[Unsigned]) -> String {
    let words = open.iter().map(|open| match open {
        Unsigned::OutcomeMissing => "what came of an urgent alert",
        Unsigned::GateWaived => "a gate passed with something missing",
        Unsigned::LimitsNotApproved => "limits that nobody had approved",
        Unsigned::NotSignedOff => "signature",
    });
    words.collect::<Vec<_>>().join(", ")
}
