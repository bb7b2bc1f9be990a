use super::Lack;
use crate::people::Person;
use crate::record::Patient;
use crate::record::{Addendum, Removal, SignedOff};
use crate::vitals::{Millis, SessionId};

/// What the lines of a session do not contain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// The clinic's name.
    pub clinic: Option<String>,
    /// IANA name of the zone in which clock times are shown; UTC without one.
    pub time_zone: Option<String>,
    /// The session; a recording names its own, or none.
    pub session: Option<SessionId>,
    /// The patient, if more is known than the recording's header says.
    pub patient: Option<Patient>,
    /// The patient's name and numbers.
    pub person: Option<Person>,
    /// The person who signed it off; `None` when nobody did, or it cannot be known.
    pub signed_off: Option<SignedOff>,
    /// What was added after its end, oldest first.
    pub addenda: Vec<Addendum>,
    /// Who it was about, and what staff wrote, was removed from the record.
    pub removed: Option<Removal>,
    /// The version of the program that makes the record.
    pub made_by_program: String,
    /// When the record is made.
    pub made_at: Millis,
    /// The person it is made for.
    pub made_for: Option<String>,
    /// The hash of the last entry.
    pub hash: Option<String>,
    /// What is known to be missing even before the lines are read.
    pub lacks: Vec<Lack>,
}
