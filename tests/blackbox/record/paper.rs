//! The record as PDF, read again by another program's eyes.

use dripwatch::people::Person;
use dripwatch::report::{Fonts, Form, SessionRecord, pdf, png};
use lopdf::{Document, Object};

use super::scenes::{NAMES, named};

/// The document, and the text of all of its sheets.
pub(super) fn read(record: &SessionRecord) -> (Document, String) {
    read_with(record, &Fonts::bundled())
}

fn read_with(record: &SessionRecord, fonts: &Fonts) -> (Document, String) {
    let bytes = pdf(record, fonts).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let text = text_of(&document, 0, usize::MAX);
    (document, text)
}

/// The text of so many sheets after the first few.
fn text_of(document: &Document, after: usize, count: usize) -> String {
    let pages: Vec<u32> = document.get_pages().into_keys().skip(after).take(count).collect();
    document.extract_text(&pages).unwrap()
}

/// The text of the first sheet and of the last thirty, of a record that fills hundreds: to read all
/// of them takes longer than to write them.
pub(super) fn ends(record: &SessionRecord) -> (String, String) {
    let document = Document::load_mem(&pdf(record, &Fonts::bundled()).unwrap()).unwrap();
    let last = document.get_pages().len().saturating_sub(30);
    (text_of(&document, 0, 1), text_of(&document, last, 30))
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
        // The page has no item of a list of which nothing was stated.
        let page = String::from_utf8(Form::Html.render(&record).unwrap()).unwrap();
        let items = record.checklists.iter().flat_map(|gate| &gate.items);
        let shown: Vec<_> = items.filter(|item| page.contains(&item.text)).collect();
        assert!(shown.len() >= 10, "{name}");
        shown.iter().for_each(|item| has(&item.text));
        for word in ["urgent limit", "by hand", "baseline"] {
            has(word);
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

/// What a machine calls its usual font may be one that it lacks: the words are there all the same.
#[test]
fn the_chart_has_its_words_whatever_fonts_the_machine_has() {
    let record = named("surge").record();
    for fonts in [&Fonts::bundled(), Fonts::of_machine()] {
        let bytes = png(&record, fonts).unwrap();
        let picture = resvg::tiny_skia::Pixmap::decode_png(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (1_656, 1_208));
        // Right of the panels there is nothing but the words of the limits.
        let across = picture.width() as usize;
        let is_dark = |(place, dot): &(usize, &resvg::tiny_skia::PremultipliedColorU8)| {
            place % across > 1_500 && dot.red() < 128
        };
        let dark = picture.pixels().iter().enumerate().filter(is_dark).count();
        assert!(dark > 1_000, "{dark}");
        let text = read_with(&record, fonts).1;
        assert!(joined(&text).contains(&joined("185 urgent")));
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
    let document = || assert!(pdf(&record, &fonts).unwrap().starts_with(b"%PDF"));
    let picture = || assert!(png(&record, &fonts).unwrap().starts_with(b"\x89PNG"));
    // The first one fills what is filled once.
    document();
    picture();
    let left = allocation_counter::measure(|| {
        (0..50).for_each(|_| document());
        (0..5).for_each(|_| picture());
    });
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
