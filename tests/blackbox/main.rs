//! Black box: the program as a process, spoken to over its real sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alertlog;
mod app;
#[path = "../as_rows.rs"]
mod as_rows;
mod bad_input;
mod burden;
mod calling;
mod channels;
mod channels_tls;
mod commands;
mod contract;
mod data_folder;
mod day;
mod day_after;
mod day_bad_input;
mod day_stops;
mod document;
mod floods;
mod guessing;
mod hl7;
mod ingest;
mod log;
mod outbound;
mod patients;
mod profiles;
mod proven;
mod reached;
mod readme;
mod record;
mod recordings;
mod restart;
mod retries;
mod rights;
mod rules;
mod scenarios;
mod sealing;
mod simulator;
mod thread;
