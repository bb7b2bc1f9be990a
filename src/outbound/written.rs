//! Writes a message of a session, or finds that there is nothing to say.

use crate::config::{self, Protocol, When};
use crate::report::{
    Addressee, FiledResult, SessionRecord, fhir_after, hl7_content, hl7_message, version,
};
use crate::store::{OutboundRow, OutboundText};
use crate::vitals::Millis;

/// The longest message that is sent: a document of a day at one value a second has 3 MiB.
pub const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// What is to be done with a message whose turn has come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It is sent.
    Text(OutboundText),
    /// The receiver knows everything, or must not know it.
    Nothing,
    /// It is longer than any message may be.
    TooLong,
}

/// The message of a session to a system that is known `since` a time. `row` is its place in the
/// queue, and `arrived` the last message of the session that the system has.
pub(super) fn written(
    record: &SessionRecord,
    to: &config::Outbound,
    since: Millis,
    (row, arrived): (&OutboundRow, Option<&OutboundRow>),
) -> Written {
    let header = &record.header;
    let Some(ended_at) = header.ended_at else { return Written::Nothing };
    let waits_for_signature = to.when == When::SignedOff && record.signatures.is_empty();
    let is_of_before = arrived.is_none() && ended_at < since;
    // Whoever has their name removed here is not sent once more, under another one.
    if header.patient.is_removed || waits_for_signature || is_of_before {
        return Written::Nothing;
    }
    let content = match &to.way {
        Protocol::Hl7(_) => hl7_content(record),
        Protocol::Fhir(_) => version(record),
    };
    if arrived.is_some_and(|arrived| arrived.content.as_ref() == Some(&content)) {
        return Written::Nothing;
    }
    // Nothing has changed since it was written: it stays to the letter.
    if row.content.as_ref() == Some(&content)
        && let (Some(text), Some(control), Some(filed)) = (&row.text, &row.control, &row.filed)
    {
        let (text, control, filed) = (text.clone(), control.clone(), filed.clone());
        let is_correction = row.is_correction;
        return Written::Text(OutboundText { text, control, content, filed, is_correction });
    }
    let text = match &to.way {
        Protocol::Hl7(hl7) => {
            let addressee = Addressee {
                application: hl7.application.clone(),
                facility: hl7.facility.clone(),
                is_enhanced: hl7.is_enhanced,
            };
            let filed = arrived.and_then(|arrived| arrived.filed.as_deref());
            let before: Option<Vec<FiledResult>> =
                filed.and_then(|filed| serde_json::from_str(filed).ok());
            let message = hl7_message(record, &addressee, before.as_deref());
            // Texts and numbers cannot fail to be written.
            let filed = serde_json::to_string(&message.results).unwrap_or_default();
            OutboundText {
                text: message.text,
                control: message.control_id,
                content,
                filed,
                is_correction: message.is_correction,
            }
        }
        Protocol::Fhir(_) => {
            let replaced = arrived.and_then(|arrived| arrived.control.as_deref());
            let document = fhir_after(record, replaced);
            OutboundText {
                text: document.text,
                control: document.identifier,
                content,
                filed: "null".to_owned(),
                is_correction: replaced.is_some(),
            }
        }
    };
    if text.text.len() > MAX_TEXT_BYTES { Written::TooLong } else { Written::Text(text) }
}
