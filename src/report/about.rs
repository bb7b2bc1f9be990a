use super::Lack;
use crate::people::Person;
use crate::record::Patient;
use crate::record::{Addendum, SignedOff};
use crate::vitals::{Millis, SessionId};

/// What the lines of a session do not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// The clinic's name.
    pub clinic: Option<String>,
    /// IANA name of the zone in which clock times are shown; UTC without one.
    pub time_zone: Option<String>,
    /// Which session; a recording names its own, or none.
    pub session: Option<SessionId>,
    /// Whom it is about, when more is known than the recording's header says.
    pub patient: Option<Patient>,
    /// Their name and numbers.
    pub person: Option<Person>,
    /// Who signed it off; `None` when nobody did, or nobody can know.
    pub signed_off: Option<SignedOff>,
    /// What was added when it was over, oldest first.
    pub addenda: Vec<Addendum>,
    /// What identifies them was removed from the record.
    pub is_removed: bool,
    /// The version of the program that makes the record.
    pub made_by_program: String,
    /// When it is made.
    pub made_at: Millis,
    /// For whom.
    pub made_for: Option<String>,
    /// The hash of the last entry.
    pub hash: Option<String>,
    /// What is known to be missing before a line was read.
    pub lacks: Vec<Lack>,
}
