//! The document's first page: what it is, who signed it, and its sections, to be read by people
//! who have nothing but a program that shows FHIR.

use maud::html;
use serde_json::{Value, json};

use super::codes::{PROCEDURE_NOTE, URNS, hl7, loinc};
use super::document::{Document, Section, text};

impl Document<'_> {
    /// `replaced` is the identifier of the session's document in whose place this one comes.
    pub(super) fn composition(&mut self, mut sections: Vec<Section>, replaced: Option<&str>) {
        let record = self.record;
        let header = &record.header;
        if !record.lacks.is_empty() {
            let rows = record.lacks.iter().map(|lack| vec![lack.text.clone()]);
            sections.insert(0, words_only("What to know of this record", rows.collect()));
        }
        sections.push(words_only("Checklists", self.checklist_rows()));
        sections.push(words_only("Coverage", self.coverage_rows()));
        sections.push(words_only("Signatures and additions", self.signed_rows()));
        let open =
            record.open.iter().map(|open| vec![open.text.clone(), open.by.words().to_owned()]);
        sections.push(words_only("Still open", open.collect()));
        let is_changed = record.signatures.iter().any(|signature| signature.changed_since);
        let status = match record.is_final() {
            true if is_changed => "amended",
            true => "final",
            false => "preliminary",
        };
        let attesters: Vec<Value> = record
            .signatures
            .iter()
            .map(|signature| {
                let party = self.practitioner(&signature.by);
                json!({"mode": "professional", "time": self.instant(signature.at), "party": party})
            })
            .collect();
        let custodian = header.clinic.as_ref().map(|_| self.reference("Organization", ""));
        let composition = json!({
            "identifier": {"system": URNS, "value": self.urn("Composition", "")},
            "status": status,
            "type": loinc(&[PROCEDURE_NOTE], "Session record"),
            "subject": self.patient(),
            "encounter": self.encounter(),
            "date": self.instant(header.made_at),
            "author": [self.program()],
            "title": format!("Session record, {}", header.profile.title),
            "attester": attesters,
            "custodian": custodian,
            "relatesTo": replaced.map(|urn| {
                json!([{"code": "replaces", "targetIdentifier": {"system": URNS, "value": urn}}])
            }),
            "event": [{
                "period": self.period(header.opened_at, header.ended_at),
                "detail": [self.reference("Procedure", "")],
            }],
            "section": sections.into_iter().map(section).collect::<Vec<_>>(),
        });
        self.add_first("Composition", "", composition);
    }

    /// Out of what the document was made, and by what.
    pub(super) fn provenance(&mut self) {
        let header = &self.record.header;
        let entries = format!("{} entries of the session's record", header.entries);
        let source = header.hash.as_ref().map(|hash| {
            let kind = text("BLAKE3 of the last entry, which binds all before it");
            json!([{
                "role": "source",
                "what": {"identifier": {"type": kind, "value": hash}, "display": entries},
            }])
        });
        let provenance = json!({
            "target": [self.reference("Composition", "")],
            "recorded": self.instant(header.made_at),
            "agent": [{
                "type": hl7("provenance-participant-type", "assembler"),
                "who": self.program(),
            }],
            "entity": source,
        });
        self.add("Provenance", "", provenance);
    }

    /// Who signed, and what was added when the session was over.
    fn signed_rows(&self) -> Vec<Vec<String>> {
        let record = self.record;
        let signed = record.signatures.iter().map(|signature| {
            let changed = signature.changed_since.then_some("changed since");
            let cells = [Some("signed"), Some(signature.name.as_str()), changed];
            self.row(signature.at, &cells, &signature.by)
        });
        let added = record.addenda.iter().map(|added| {
            let when = added.after_sign_off.then_some("after sign-off");
            self.row(added.at, &[Some("added"), Some(&added.text), when], &added.by)
        });
        signed.chain(added).collect()
    }

    fn checklist_rows(&self) -> Vec<Vec<String>> {
        let record = self.record;
        let items = record.checklists.iter().flat_map(|gate| {
            gate.items.iter().map(|item| {
                let met = if item.met { "yes" } else { "no" };
                let at = item.at.map(|at| self.clock.hms(at)).unwrap_or_default();
                let by = item.by.clone().unwrap_or_default();
                let step = gate.step.name().replace('_', " ");
                vec![step, item.text.clone(), met.to_owned(), item.detail.clone(), by, at]
            })
        });
        let waived = record.overrides.iter().map(|waived| {
            let step = waived.step.name().replace('_', " ");
            let (items, at) = (waived.items.join("; "), self.clock.hms(waived.at));
            vec![
                step,
                items,
                "passed all the same".to_owned(),
                waived.reason.clone(),
                waived.by.clone(),
                at,
            ]
        });
        items.chain(waived).collect()
    }

    fn coverage_rows(&self) -> Vec<Vec<String>> {
        let coverage = &self.record.coverage;
        let seconds = |ms: i64| format!("{} s", (ms + 500) / 1_000);
        let mut rows = Vec::new();
        let mut add = |name: String, ms: i64| rows.push(vec![name, seconds(ms)]);
        add("Continuous values expected".to_owned(), coverage.expected_ms);
        for (name, vital) in [("SpO2", &coverage.spo2), ("Heart rate", &coverage.heart_rate)] {
            add(format!("{name} valid"), vital.valid_ms);
            for missing in &vital.missing {
                add(format!("{name} missing: {}", missing.text), missing.ms);
            }
        }
        add("A live screen with sound".to_owned(), coverage.watched_ms);
        add("Valid SpO2 on a live screen".to_owned(), coverage.covered_ms);
        rows
    }
}

fn words_only(title: &'static str, rows: Vec<Vec<String>>) -> Section {
    Section { title, code: None, rows, entries: Vec::new() }
}

fn section(section: Section) -> Value {
    let Section { title, code, rows, entries } = section;
    json!({
        "title": title,
        "code": code.map(|code| loinc(&[code], title)),
        "text": {"status": "generated", "div": narrative(&rows)},
        "entry": entries,
    })
}

/// A table for people, as XHTML.
fn narrative(rows: &[Vec<String>]) -> String {
    let table = html! {
        div xmlns="http://www.w3.org/1999/xhtml" {
            @if rows.is_empty() { p { "None." } }
            @else {
                table { tbody {
                    @for row in rows { tr { @for cell in row { td { (printable(cell)) } } } }
                } }
            }
        }
    };
    table.into_string()
}

/// XML has no place for the other characters.
fn printable(text: &str) -> String {
    let is_allowed = |c: &char| {
        matches!(c, '\t' | '\n') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.chars().filter(is_allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_end_a_table_for_people() {
        let div = narrative(&[vec!["</td><script>\u{1} & \u{ffff}".to_owned()]]);
        assert!(div.contains("<td>&lt;/td&gt;&lt;script&gt; &amp; </td>"), "{div}");
        assert!(narrative(&[]).contains("None."));
    }
}
