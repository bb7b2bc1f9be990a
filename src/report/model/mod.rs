//! The record as data: what every rendering of it (page, PDF, tables, chart, FHIR, HL7, forms) is
//! made of, and what `GET sessions/{id}/record.json` gives.

mod alerts;
mod coverage;
mod header;
mod lack;
mod limits;
mod sign_off;
mod summary;
mod treatment;
mod vitals;

use serde::Serialize;
use utoipa::ToSchema;

pub use alerts::{
    AlertOutcome, AlertReceipt, AlertSilence, AlertStep, Called, CalledTo, RecordedAlert, Taken,
};
pub use coverage::{Coverage, CoverageEnd, ReasonTotal, VitalCoverage};
pub use header::{
    ProfileUsed, RecordHeader, RecordedDevice, RecordedPatient, RecordedStaff, RoomStay,
};
pub use lack::{Lack, LackKind};
pub use limits::{LimitChange, LimitSet};
pub use sign_off::{OpenFor, OpenItem, SIGNATURE, Signature};
pub use summary::{Extreme, LowSpell, Return, Summary, VitalSummary};
pub use treatment::{
    Correction, DoseAtOnce, GivenTotal, Infusion, Ordered, Pause, PhaseSpan, RateChange,
    RecordedEvent, RecordedScore, Run, SymptomSpan, WithdrawnEntry,
};
pub use vitals::{
    Absence, Interruption, InterruptionKind, LateReading, Measured, PressureSource,
    RecordedPressure, TableRow, TableScore, Trend,
};

use crate::gates::{CheckIn, GateState};
use crate::record::Addendum;
use crate::room::{AdverseEvent, Entered, Medication, Oxygen, Waived};

/// The version of the shape of [`SessionRecord`]; grows when a field changes its meaning or is
/// removed.
pub const RECORD_FORMAT: u32 = 1;

/// Everything that one session leaves behind. All times are milliseconds since 1970 by the
/// server's clock; where that was set, [`SessionRecord::lacks`] says so.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SessionRecord {
    /// The version of this document's shape: 1.
    pub format: u32,
    /// Who, where, when, and by which profile and program.
    pub header: RecordHeader,
    /// What is missing or doubtful, in words, the gravest first; empty for a complete record.
    pub lacks: Vec<Lack>,
    /// What staff stated at check-in, later statements over earlier ones; `null` when the paperwork
    /// is kept elsewhere.
    #[schema(required)]
    pub stated: Option<CheckIn>,
    /// The newest order; `null` when there was none.
    #[schema(required)]
    pub order: Option<Ordered>,
    /// What was given of it in total, by the rates that staff recorded; `null` when that cannot be
    /// known.
    #[schema(required)]
    pub given: Option<GivenTotal>,
    /// When the infusion ran and when it did not.
    pub infusion: Infusion,
    /// The phases, in their order, without a break between them.
    pub phases: Vec<PhaseSpan>,
    /// What staff did and what the room noticed, by when it was done. Entries that were withdrawn
    /// are among them, with who withdrew them.
    pub events: Vec<RecordedEvent>,
    /// What was changed after it was written, with the original.
    pub corrections: Vec<Correction>,
    /// Every cuff pressure of the session, in order of measurement.
    pub pressures: Vec<RecordedPressure>,
    /// What monitors measured continuously, vital by vital.
    pub trends: Vec<Trend>,
    /// Values that came too late to be judged, those taken first first: in the chart and in this
    /// list, in no other number.
    pub late: Vec<LateReading>,
    /// Values that people measured, without pressures and without withdrawn values.
    pub by_hand: Vec<Measured>,
    /// The vitals at cadence, as a paper chart has them.
    pub table: Vec<TableRow>,
    /// Baseline, extremes and return of each vital, and how long SpO2 was low.
    pub summary: Summary,
    /// Every alert of the session, those raised first first.
    pub alerts: Vec<RecordedAlert>,
    /// The limits in force, each set from its time to the next.
    pub limits: Vec<LimitSet>,
    /// Changes of limits by people, with who decided and why.
    pub limit_changes: Vec<LimitChange>,
    /// Gates that were passed with something missing, and why.
    pub overrides: Vec<Waived>,
    /// Scores that people gave, oldest first; withdrawn ones are not among them.
    pub scores: Vec<RecordedScore>,
    /// Symptoms, each from when it was entered to when it had gone.
    pub symptoms: Vec<SymptomSpan>,
    /// Medicines, oldest first; withdrawn ones are not among them.
    pub medications: Vec<Entered<Medication>>,
    /// Oxygen on, changed or off, oldest first.
    pub oxygen: Vec<Entered<Oxygen>>,
    /// Adverse events, oldest first.
    pub adverse_events: Vec<Entered<AdverseEvent>>,
    /// Each gate as it was when it was passed, or is now.
    pub checklists: Vec<GateState>,
    /// For how long the patient was watched, and the reasons for the rest.
    pub coverage: Coverage,
    /// Periods in which something was missing: the program, the record, a screen, a monitor.
    pub interruptions: Vec<Interruption>,
    /// Who has signed.
    pub signatures: Vec<Signature>,
    /// What was added after the session was over, oldest first.
    pub addenda: Vec<Addendum>,
    /// What must still be done before the record is final, and by whom.
    pub open: Vec<OpenItem>,
}

impl SessionRecord {
    /// Whether nothing more can be added to it: the session is over, it is signed and nothing is
    /// open.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.header.ended_at.is_some() && self.open.is_empty() && !self.signatures.is_empty()
    }

    /// The trend of a vital, if a monitor gave it.
    #[must_use]
    pub fn trend(&self, vital: crate::vitals::Vital) -> Option<&Trend> {
        self.trends.iter().find(|trend| trend.vital == vital)
    }
}
