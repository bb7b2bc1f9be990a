//! A patient's coming and going, as a monitor or the hospital says it: kept for later in the
//! clinic's chain, its text in the private part, and who is here is offered at check-in. It binds no
//! room.

use serde_json::json;

use super::core::Core;
use crate::adapters::Admission;
use crate::record::{Entry, Private};
use crate::store::{ArrivalRow, Upsert};
use crate::vitals::Millis;

/// Longest message that is kept whole; of a longer one the beginning is.
const MAX_TEXT_BYTES: usize = 16 * 1024;

impl Core {
    pub(super) fn admit(&mut self, admission: Admission, at: Millis) {
        let Admission { device, adapter, event, mut text, news, stored } = admission;
        let is_cut = text.len() > MAX_TEXT_BYTES;
        text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
        let admission =
            json!({"device": device, "adapter": adapter, "event": event, "cut": is_cut});
        let entry = Entry {
            at,
            body: json!({"at": at, "admission": admission}).to_string(),
            private: Some(Private::Admission { message: text }.json()),
            ..Entry::default()
        };
        let views = news.map_or_else(Vec::new, |news| {
            let heard = self.arrivals.hear(&news, at);
            let gone = heard.gone.into_iter().map(|number| Upsert::ArrivalGone { number });
            gone.chain([Upsert::Arrival(ArrivalRow::new(heard.now))]).collect()
        });
        self.append_to_clinic(entry, views, vec![stored]);
    }
}
