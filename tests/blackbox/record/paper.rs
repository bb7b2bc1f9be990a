//! The record as PDF, read again by another program's eyes.

use dripwatch::people::Person;
use dripwatch::report::{Fonts, SessionRecord, pdf, png};
use lopdf::{Document, Object};

use super::scenes::{NAMES, named};

/// The document, and the text of all of its sheets.
pub(super) fn read(record: &SessionRecord) -> (Document, String) {
    let bytes = pdf(record, &Fonts::bundled()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    (document, text)
}

/// Without white: where a line ends is the paper's affair.
pub(super) fn joined(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[test]
fn text_can_be_selected_and_has_the_numbers_of_the_data() {
    for name in NAMES {
        let record = named(name).record();
        let (document, text) = read(&record);
        let text = joined(&text);
        let has = |what: &str| assert!(text.contains(&joined(what)), "{name}: {what}");
        has("Session record");
        has(&record.header.profile.title);
        for row in &record.table {
            let Some(pressure) = &row.pressure else { continue };
            let (systolic, diastolic) = (pressure.systolic, pressure.diastolic);
            if let (Some(systolic), Some(diastolic)) = (systolic, diastolic) {
                has(&format!("{systolic}/{diastolic}"));
            }
        }
        record.alerts.iter().for_each(|alert| has(&alert.text));
        for open in &record.open {
            // A signature is open where one signs.
            has(if open.text == "Signature" { "open since" } else { &open.text });
        }
        for item in record.checklists.iter().flat_map(|gate| &gate.items) {
            has(&item.text);
        }
        if let Some(given) = &record.given {
            has(&format!("{} mg", dripwatch::vitals::Decimal::trimmed(given.mg.as_f64())));
        }
        let count = document.get_pages().len();
        for page in 1..=count {
            has(&format!("page {page} of {count}"));
        }
        let top = joined(&format!("{} ·", record.header.patient.initials));
        assert!(text.matches(&top).count() >= count, "{name}: whom it is about is on every sheet");
    }
}

#[test]
fn there_is_a_bookmark_for_each_part_and_links_lead_somewhere() {
    let (document, _) = read(&named("surge").record());
    let outline = document.catalog().unwrap().get(b"Outlines").and_then(Object::as_reference);
    let outline = document.get_dictionary(outline.unwrap()).unwrap();
    let count = outline.get(b"Count").and_then(Object::as_i64).unwrap();
    assert!(count.abs() >= 8, "{count}");
    let links = document
        .get_pages()
        .into_values()
        .flat_map(|page| document.get_page_annotations(page).unwrap())
        .filter(|annotation| {
            annotation.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Link")
        });
    assert_eq!(links.count(), 1, "to the limits that were changed");
}

#[test]
fn names_of_any_script_and_length_are_written_or_said_to_be_missing() {
    let mut record = named("quiet").record();
    let name = |family: &str| Person { family: Some(family.to_owned()), ..Person::default() };
    record.header.patient.person = Some(name("محمد"));
    let (document, _) = read(&record);
    assert!(document.get_pages().len() > 1);
    record.header.patient.person = Some(name("王小明"));
    let (_, text) = read(&record);
    assert!(
        joined(&text).contains(&joined("[3 letters that no font of this server has]")),
        "{text}"
    );
    record.header.patient.person = Some(name(&"Maximiliana-Theodora ".repeat(24)));
    let (_, text) = read(&record);
    assert_eq!(joined(&text).matches("Maximiliana-Theodora").count(), 24);
    record.header.patient.person = Some(name(&"x".repeat(500)));
    let (_, text) = read(&record);
    assert!(joined(&text).contains(&"x".repeat(500)));
}

/// Kept fonts, sheets or drawings would add up in a server that runs for months.
#[test]
fn fifty_documents_in_a_row_leave_nothing_behind() {
    let record = named("reaction").record();
    let fonts = Fonts::bundled();
    let document = || {
        assert!(pdf(&record, &fonts).unwrap().starts_with(b"%PDF"));
        assert!(png(&record, &fonts).unwrap().starts_with(b"\x89PNG"));
    };
    // The first one fills what is filled once.
    document();
    let left = allocation_counter::measure(|| (0..50).for_each(|_| document()));
    assert!(left.bytes_current < 64 * 1_024, "{left:?}");
}

#[test]
fn a_session_without_a_reading_is_a_document_too() {
    let mut record = named("quiet").record();
    record.trends.clear();
    record.pressures.clear();
    record.table.clear();
    record.phases.clear();
    let (_, text) = read(&record);
    assert!(joined(&text).contains(&joined("Nothing was measured.")));
}
