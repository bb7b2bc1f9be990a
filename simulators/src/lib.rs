//! A simulated clinic: patients, the instruments on them, monitors on real sockets, and the staff
//! who look after them.
//!
//! ```text
//!  draws ─► patient ──truth──► instruments ──what the screen shows──► monitors ──bytes──► a server
//!  (seed)  (clinical.md#events) (delay, error, faults)                 HL7/MLLP, ingest
//!                 ▲                                                            ▲
//!                 └──────────────── clinic: who is where, and when ──HTTP──────┘
//! ```
//!
//! Besides the clinic, whose patients are drawn, `scenario` plays the clinical scenarios of
//! clinical.md#scenarios from files, through the same bodies and instruments, and gives the lines
//! of a recording; `live` plays the same lines over real sockets.
//!
//! And `session` draws whole sessions at the rates of clinical.md#rates, with the truth beside each
//! second, by which alarms are judged.
//!
//! Everything up to the bytes is pure: it owns no clock and no socket, and the same seed gives the
//! same bytes on every machine. The crate knows only wire formats: the server cannot distinguish it
//! from hardware and a browser.

pub mod clinic;
mod clock;
pub mod control;
mod draws;
pub mod instruments;
pub mod live;
pub mod monitors;
pub mod patient;
pub mod plot;
pub mod reference;
pub mod scenario;
pub mod session;
mod staff;

pub use draws::Draws;
