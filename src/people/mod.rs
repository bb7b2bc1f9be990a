//! People who are treated: who they are, and who of them is expected or here today
//! (clinical.md#check-in, protocols.md#patients). Pure. Everything in here is personal: it is
//! shown at identity steps only, and never logged.

mod arrivals;
mod birth_date;
mod person;

pub use arrivals::{Arrival, Arrivals, MAX_ARRIVALS};
pub use birth_date::{BirthDate, NotADate};
pub use person::{MAX_IDS, NamedId, PatientNews, Person, StayNews, Told};
