use maud::{Markup, html};

use super::super::OpenFor;
use super::{Page, heading};

impl Page<'_> {
    pub(super) fn sign_off(&self) -> Markup {
        let record = self.record;
        let beside = if record.is_final() { "final" } else { "final when nothing is open" };
        html! {
            section .signing {
                (heading("Sign-off", beside))
                @if !record.open.is_empty() {
                    ul .open {
                        @for item in &record.open {
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
        let signed = self.record.signatures.iter().filter(|_| who == OpenFor::Nurse);
        html! {
            div {
                p .quiet { (name) }
                @for signature in signed {
                    p {
                        strong { "Signed " (signature.by) ", " (self.clock.day_hm(signature.at)) }
                        @if signature.changed_since { " " span .tag { "changed since" } }
                        @if let Some(note) = &signature.note { br; bdi { (note) } }
                    }
                }
                p .line { span { "name, initials" } span { "date, time" } }
            }
        }
    }
}
