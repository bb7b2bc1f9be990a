//! People who are treated: who they are, and who of them is expected or here today
//! (clinical.md#check-in, protocols.md#patients). Pure. Everything in here is personal: it is shown
//! only where staff identify a patient, and never logged.

mod arrivals;
mod birth_date;
mod patients;
mod person;

pub use arrivals::{Arrival, Arrivals, Heard, MAX_ARRIVALS};
pub use birth_date::{BirthDate, NotADate};
pub use patients::{KnownPatient, MAX_FOUND, MAX_PATIENTS, Patients, Unsure};
pub use person::{LONGEST_PERSON_NAME, MAX_IDS, NamedId, PatientNews, Person, StayNews, Told};
