//! dripwatch watches over patients during infusions: it takes blood pressure, heart rate and SpO2
//! from bedside monitors, shows every room to staff, raises an alert when a threshold is crossed,
//! and keeps a record that replays exactly. It is not a medical device.
//!
//! ```text
//!  monitors ──bytes──► adapters ──Frame──► ward ──Input, at──► room (pure state machine)
//!  simulators                               │                    │ Output…, next deadline
//!  staff (http) ────────Command────────────►│◄───────────────────┘
//!                                           ├─► journal   append, group commit, then acknowledge
//!                                           └─► hub       encode once, fan out to screens
//!  replay:  recording ──Input, at──► the same room code ──► compare
//! ```
//!
//! Data flows one way. [`vitals`], [`rules`], [`profile`], [`room`] and [`record`] are pure: no
//! clock, no I/O, no async. The [`ward`] owns all rooms in one loop, stamps what comes in with the
//! time, and is the only one that talks to a room. The [`journal`] is the truth, and everything in
//! the [`store`] is a view of it. Only [`clock`] reads time.
//!
//! | where | what |
//! |---|---|
//! | [`vitals`] | the nouns: readings, quality, plausibility, ids, frames as JSON |
//! | [`rules`] | what may alarm: each shape of a rule with its row, checks, words and judging |
//! | [`profile`] | a profile as data: rows of rules with their numbers, versions, approval |
//! | [`room`] | the state machine: ages, phases, the life of an alert |
//! | [`notice`] | what people are told of an alert, step by step |
//! | [`people`], [`lists`] | who is treated and who is expected; the clinic's own lists |
//! | [`notice`] | what people away from the screens are told of an alert, and when it is tried again |
//! | [`shift`] | who has which rooms, and who is told of their alerts |
//! | [`record`] | what an entry is: its line, its hash, its chain |
//! | [`report`] | what a session leaves behind: its record as data |
//! | [`alertlog`] | what alerts led to: the log, and how each rule did |
//! | [`adapters`] | monitors' languages: a pure decoder above, a thin driver below |
//! | [`ward`] | owns the rooms, knows the devices, feeds the screens |
//! | [`journal`], [`store`] | hash chains on disk, and what staff ask for |
//! | [`sealing`] | packs records after a time, and removes those whose time is over |
//! | [`hub`] | mailboxes of screens, and what a screen that comes back has missed |
//! | [`outbound`] | finished sessions, sent to the hospital's systems |
//! | [`notify`] | tells people away from the screens, over channels that may fail |
//! | [`http`] | screens, programs and monitors outside the process |
//! | [`replay`] | plays a recording, and compares |
//! | [`burden`] | how often a profile alarms over drawn sessions, and what it misses |
//! | [`access`], [`password`] | roles, secrets and their hashes, tokens · what may be a password |
//! | [`json`] | JSON into a type, with the field that is wrong |
//! | [`name`], [`places`] | what people may call things; who is let in when all places are taken |
//! | [`config`], [`cli`], [`control`], [`app`] | how it is set up, started and ended |
//! | [`log`] | lines on their way to standard error, for which nobody waits |

// What tests inside and outside share names it as those outside do.
#[cfg(test)]
extern crate self as dripwatch;

pub mod access;
pub mod adapters;
pub mod alertlog;
pub mod app;
#[cfg(test)]
#[path = "../tests/as_rows.rs"]
mod as_rows;
#[cfg(test)]
mod bounds_page;
pub mod burden;
#[cfg(test)]
mod citations;
pub mod cli;
pub mod clock;
pub mod config;
pub mod contract;
pub mod control;
pub mod dose;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod gates;
pub mod http;
pub mod hub;
pub mod journal;
pub mod json;
pub mod lists;
pub mod log;
pub mod name;
pub mod notice;
pub mod notify;
pub mod outbound;
pub mod password;
pub mod people;
pub mod places;
pub mod profile;
pub mod record;
pub mod replay;
pub mod report;
pub mod room;
pub mod rules;
pub mod sealing;
pub mod shift;
pub mod store;
pub mod vitals;
pub mod ward;
