use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::wire::WireProblem;
use crate::vitals::{Absent, Bound, Decimal, Quality, Source, Vital};

/// A time in a request: RFC 3339, or milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Moment {
    /// RFC 3339, kept to the millisecond.
    Written(String),
    /// Milliseconds since 1970.
    Counted(i64),
}

/// What a monitor's adapter sends.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IngestFrame {
    /// Measured values.
    Readings {
        /// The sender's count; required on a socket.
        #[schema(nullable = false)]
        seq: Option<u64>,
        /// The sender's run, at most 64 characters.
        #[schema(nullable = false)]
        boot: Option<String>,
        /// When it was sent, by the sender's clock.
        #[schema(nullable = false)]
        sent_at: Option<Moment>,
        /// When it was measured, by the sender's clock, where a reading does not say it itself.
        #[schema(nullable = false)]
        taken_at: Option<Moment>,
        /// What was measured.
        readings: Vec<IngestReading>,
    },
    /// Why there is no value of a vital.
    Status {
        /// The sender's count; required on a socket.
        #[schema(nullable = false)]
        seq: Option<u64>,
        /// The sender's run, at most 64 characters.
        #[schema(nullable = false)]
        boot: Option<String>,
        /// When it was sent, by the sender's clock.
        #[schema(nullable = false)]
        sent_at: Option<Moment>,
        /// When it was so, by the sender's clock.
        #[schema(nullable = false)]
        taken_at: Option<Moment>,
        /// The vital that has no value.
        vital: Vital,
        /// Why; `measuring` and `failed` are for `nibp`.
        status: Absent,
    },
}

/// One value that a monitor's adapter sends, or why there is none. `nibp` has those of `systolic`,
/// `diastolic` and `mean` that the monitor gave; every other vital has `value`.
#[derive(Debug, ToSchema)]
pub struct IngestReading {
    /// What was measured.
    pub vital: Vital,
    /// 1/min, %, °C or mmHg, by the vital.
    #[schema(nullable = false)]
    pub value: Option<Decimal>,
    /// mmHg.
    #[schema(nullable = false)]
    pub systolic: Option<Decimal>,
    /// mmHg.
    #[schema(nullable = false)]
    pub diastolic: Option<Decimal>,
    /// mmHg.
    #[schema(nullable = false)]
    pub mean: Option<Decimal>,
    /// `good` when left out.
    #[schema(nullable = false)]
    pub quality: Option<Quality>,
    /// Why there is no value; given in place of one.
    #[schema(nullable = false)]
    pub absent: Option<Absent>,
    /// When it was measured, by the sender's clock; the frame's time when left out.
    #[schema(nullable = false)]
    pub taken_at: Option<Moment>,
    /// Where the monitor measures it, when it has several places.
    #[schema(nullable = false)]
    pub channel: Option<String>,
    /// What sends it, when that is not a patient's monitor.
    #[schema(nullable = false)]
    pub source: Option<Source>,
    /// The value lies beyond the end of what the monitor can measure.
    #[schema(nullable = false)]
    pub bound: Option<Bound>,
    /// It takes the place of the earlier value of the same vital and time.
    #[schema(nullable = false)]
    pub corrects: Option<bool>,
    /// The earlier value of the same vital and time is taken back.
    #[schema(nullable = false)]
    pub withdrawn: Option<bool>,
    /// It is old: it is charted, and never judged as live.
    #[schema(nullable = false)]
    pub late: Option<bool>,
}

/// What a monitor's adapter is answered, in the order of its frames.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IngestAnswer<'a> {
    /// This and every earlier frame of the socket, except those rejected, will survive a power cut.
    Stored {
        /// The frame's count.
        seq: u64,
        /// What was refused of it.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        #[schema(required = false)]
        problems: &'a [WireProblem],
    },
    /// Nothing of the frame was usable.
    Rejected {
        /// The frame's count, when it could be read.
        #[schema(required)]
        seq: Option<u64>,
        /// Why it was rejected.
        problem: &'a WireProblem,
    },
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;
    use utoipa::PartialSchema;

    use super::*;
    use crate::vitals::wire::{FRAME_KEYS, READING_KEYS};

    fn keys(shape: &Value) -> BTreeSet<String> {
        let own = shape["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone());
        let branches = shape["oneOf"].as_array().into_iter().flatten();
        own.chain(branches.flat_map(keys)).collect()
    }

    /// Frames are read key by key; the schema is beside that.
    #[test]
    fn the_schema_has_the_keys_that_are_read_and_no_other() {
        let known = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        let of = |schema| keys(&serde_json::to_value(schema).unwrap());
        assert_eq!(of(IngestFrame::schema()), known(&FRAME_KEYS));
        assert_eq!(of(IngestReading::schema()), known(&READING_KEYS));
    }
}
