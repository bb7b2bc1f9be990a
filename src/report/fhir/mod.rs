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

pub use self::codes::URNS;
use self::document::{Document, cleaned};
use super::{SessionRecord, version};

/// The media type of a FHIR resource as JSON.
pub const MEDIA_TYPE: &str = "application/fhir+json";

/// The record as a FHIR R4 document Bundle, in JSON.
#[must_use]
pub fn fhir(record: &SessionRecord) -> String {
    fhir_after(record, None).text
}

/// A document, and by what it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FhirDocument {
    /// The Bundle in JSON.
    pub text: String,
    /// The identifier of the Bundle, a URN: of two documents it is the same where the record of a
    /// session that is over says the same, whenever and for whom they were made.
    pub identifier: String,
}

/// The same document, which replaces an earlier one of the session with this identifier.
#[must_use]
pub fn fhir_after(record: &SessionRecord, replaced: Option<&str>) -> FhirDocument {
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
    document.composition(sections.into(), replaced);
    document.provenance();
    // Of what is known now: when something is added tomorrow, the document is another one.
    let identifier = document.urn("Bundle", &version(record));
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": URNS, "value": identifier},
        "timestamp": document.instant(record.header.made_at),
        "entry": document.into_entries(),
    });
    // Texts, numbers and lists of them cannot fail to be written.
    let text = serde_json::to_string(&cleaned(bundle)).unwrap_or_default();
    FhirDocument { text, identifier }
}
