//! The record as a FHIR R4 document: one Bundle of type `document` that any program which reads
//! FHIR can file ([record.md](../../../docs/record.md#fhir)).
//!
//! Made of [`SessionRecord`] alone, so the same record gives the same bytes. A field that the record
//! does not have is left out, or has a reason for its absence where FHIR asks for the field.

mod alerts;
mod codes;
mod composition;
mod corrections;
mod document;
mod drugs;
mod observations;
mod people;
mod scores;
mod trends;

use serde_json::json;

use self::document::{Document, cleaned};
use super::SessionRecord;

/// The media type of a FHIR resource as JSON.
pub const MEDIA_TYPE: &str = "application/fhir+json";

/// The record as a FHIR R4 document Bundle, in JSON.
#[must_use]
pub fn fhir(record: &SessionRecord) -> String {
    let mut document = Document::new(record);
    document.people();
    let sections = [
        document.treatment(),
        document.drugs(),
        document.vitals(),
        document.scores(),
        document.adverse(),
        document.alerts(),
        document.corrections(),
    ];
    document.composition(sections.into());
    document.provenance();
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            // Of what is known now: tomorrow's document of the session is another one.
            "value": document.urn("Bundle", &format!("{}/{}", record.header.made_at.0, record.header.entries)),
        },
        "timestamp": document.instant(record.header.made_at),
        "entry": document.into_entries(),
    });
    // Texts, numbers and lists of them cannot fail to be written.
    serde_json::to_string(&cleaned(bundle)).unwrap_or_default()
}
