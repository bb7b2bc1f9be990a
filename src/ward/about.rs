//! What a record says that the lines of its session do not.

use super::{Refusal, ShowPatient, Ward};
use crate::record::Patient;
use crate::report::About;
use crate::vitals::Millis;

/// Where and when a record is made, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The clinic's name.
    pub clinic: Option<String>,
    /// IANA name of the clinic's zone.
    pub time_zone: Option<String>,
    /// When.
    pub at: Millis,
    /// For whom, by initials; `None` for a program of the hospital.
    pub whom_for: Option<String>,
}

impl Ward {
    /// What a record of this patient's session says besides its lines: who the patient is, in full.
    ///
    /// # Errors
    /// The ward has ended.
    pub async fn about(&self, patient: Patient, made: Made) -> Result<About, Refusal> {
        let person = match patient.id.clone() {
            Some(id) => self.ask(ShowPatient { id }).await?,
            None => None,
        };
        Ok(About {
            clinic: made.clinic,
            time_zone: made.time_zone,
            patient: Some(patient),
            person: person.map(|known| known.identity),
            made_by_program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: made.at,
            made_for: made.whom_for,
            ..About::default()
        })
    }
}
