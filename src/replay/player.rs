use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::record::{Header, Line, LineError};
use crate::room::{AlertLine, Input, Opening, Output, Phase, Room};
use crate::vitals::{Millis, SessionId};

/// The longest line that is read: a checkpoint with five minutes of samples is far below it.
const LONGEST_LINE_BYTES: usize = 16 << 20;

/// Why a recording cannot be played, and where.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// A line is not one of a recording.
    #[error("line {number}: {error}")]
    Line {
        /// The number of the line, from 1.
        number: usize,
        /// What is wrong with it.
        error: LineError,
    },
    /// Time goes back.
    #[error("line {number}: at goes back from {before} to {at}; lines must be in order of time")]
    TimeGoesBack {
        /// The number of the line, from 1.
        number: usize,
        /// The line's time.
        at: Millis,
        /// The time before.
        before: Millis,
    },
    /// A line is longer than any that is written.
    #[error("line {number}: longer than {LONGEST_LINE_BYTES} bytes")]
    TooLong {
        /// The number of the line, from 1.
        number: usize,
    },
    /// There is no header.
    #[error("the file is empty; a recording begins with its header")]
    Empty,
}

/// A replay that differs from what was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What the recording says was shown.
    pub recorded: Option<AlertLine>,
    /// What the replay says.
    pub replayed: Option<AlertLine>,
}

/// Opens a recording, `.ndjson` or compressed `.ndjson.zst`.
pub fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    let file = std::fs::File::open(path)?;
    if path.extension().is_some_and(|extension| extension == "zst") {
        return Ok(Box::new(BufReader::new(zstd::stream::read::Decoder::new(file)?)));
    }
    Ok(Box::new(BufReader::new(file)))
}

/// Plays a recording through the room.
#[derive(Debug)]
pub struct Player<R> {
    lines: R,
    number: usize,
    header: Header,
    room: Option<Room>,
    at: Millis,
    recorded: Vec<AlertLine>,
    /// Between a gap and the checkpoint after it, nothing that could be judged is known.
    is_in_gap: bool,
}

impl<R: BufRead> Player<R> {
    /// Reads the header.
    pub fn new(mut lines: R) -> Result<Self, PlayError> {
        let mut number = 0;
        let first = next_line(&mut lines, &mut number)?.ok_or(PlayError::Empty)?;
        // An editor may have put a byte order mark before it.
        let first = first.trim_start_matches('\u{feff}');
        let header = Header::read(first).map_err(|error| PlayError::Line { number, error })?;
        let at = Millis(0);
        let (room, recorded) = (None, Vec::new());
        Ok(Self { lines, number, header, room, at, recorded, is_in_gap: false })
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The room as the lines played so far leave it; `None` before the first of them.
    #[must_use]
    pub fn room_now(&self) -> Option<&Room> {
        self.room.as_ref()
    }

    /// Plays the next line; gives the alert lines that it caused, or `None` at the end.
    pub fn step(&mut self) -> Result<Option<Vec<AlertLine>>, PlayError> {
        let Some(text) = next_line(&mut self.lines, &mut self.number)? else {
            return Ok(None);
        };
        let number = self.number;
        let (at, line) = Line::read(&text).map_err(|error| PlayError::Line { number, error })?;
        let moves_at = matches!(line, Line::Input(Input::ClockStep { moves_at: true, .. }));
        if at < self.at && !moves_at {
            return Err(PlayError::TimeGoesBack { number, at, before: self.at });
        }
        self.at = at;
        match line {
            Line::Checkpoint(room) if self.is_in_gap => {
                self.is_in_gap = false;
                self.room = Some(*room);
                Ok(Some(Vec::new()))
            }
            _ if self.is_in_gap => Ok(Some(Vec::new())),
            Line::Input(Input::Gap { .. }) => {
                self.is_in_gap = true;
                Ok(Some(Vec::new()))
            }
            Line::Checkpoint(room) => {
                // What was due before the state was written belongs to the room before it.
                let lines = self.room.as_mut().map(|room| advance(room, at)).unwrap_or_default();
                self.room = Some(*room);
                Ok(Some(lines))
            }
            Line::Alert(line) => {
                self.recorded.push(line);
                Ok(Some(advance(self.room(at), at)))
            }
            Line::End => Ok(Some(advance(self.room(at), at))),
            Line::Input(input) => {
                let room = self.room(at);
                room.handle(&input, at);
                Ok(Some(drain(room)))
            }
        }
    }

    /// Plays to the end; gives every alert line.
    pub fn play(mut self) -> Result<Vec<AlertLine>, PlayError> {
        let mut all = Vec::new();
        while let Some(lines) = self.step()? {
            all.extend(lines);
        }
        Ok(all)
    }

    /// Plays to the end and compares with what the recording says was shown.
    pub fn verify(mut self) -> Result<Vec<Difference>, PlayError> {
        let mut replayed = Vec::new();
        while let Some(lines) = self.step()? {
            replayed.extend(lines);
        }
        let count = replayed.len().max(self.recorded.len());
        let pair = |index: usize| (self.recorded.get(index).cloned(), replayed.get(index).cloned());
        let pairs = (0..count).map(pair).filter(|(recorded, replayed)| recorded != replayed);
        Ok(pairs.map(|(recorded, replayed)| Difference { recorded, replayed }).collect())
    }

    /// The room, which begins with the header's session in the phase of baseline when the
    /// recording does not begin with a checkpoint.
    fn room(&mut self, at: Millis) -> &mut Room {
        let header = &self.header;
        self.room.get_or_insert_with(|| {
            let clinic = builtin(DEFAULT_PROFILE).unwrap_or_else(|| header.profile.clone());
            let mut room = Room::new(header.room.clone(), clinic);
            // The text is an id.
            if let Ok(session) = SessionId::new("recording") {
                let opening = Opening {
                    session,
                    profile: header.profile.clone(),
                    planned_s: header.profile.planned_s,
                    phase: Phase::Baseline,
                    staff: String::new(),
                };
                room.handle(&Input::Open(opening), at);
            }
            room
        })
    }
}

fn advance(room: &mut Room, at: Millis) -> Vec<AlertLine> {
    room.advance(at);
    drain(room)
}

fn drain(room: &mut Room) -> Vec<AlertLine> {
    let mut lines = Vec::new();
    loop {
        match room.poll_output() {
            Output::Alert(line) => lines.push(line),
            Output::Wait(_) => return lines,
            Output::AlertTouched(_)
            | Output::Step(_)
            | Output::Session
            | Output::SessionEnded(_)
            | Output::MovedOut(_)
            | Output::Monitor(_)
            | Output::Shown(_)
            | Output::NotLive(..)
            | Output::Revised(..) => {}
        }
    }
}

/// The next line that is not blank.
fn next_line(lines: &mut impl BufRead, number: &mut usize) -> Result<Option<String>, PlayError> {
    loop {
        let mut line = Vec::new();
        *number += 1;
        let mut limited = lines.by_ref().take(LONGEST_LINE_BYTES as u64 + 1);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.len() > LONGEST_LINE_BYTES {
            return Err(PlayError::TooLong { number: *number });
        }
        let not_text = |error| std::io::Error::new(std::io::ErrorKind::InvalidData, error);
        let line = String::from_utf8(line).map_err(not_text)?;
        if !line.trim_start_matches('\u{feff}').trim().is_empty() {
            return Ok(Some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording() -> String {
        let mut text = String::from(
            r#"{"type":"recording","version":1,"room":"5","profile":"ketamine-iv-adult"}"#,
        );
        text.push('\n');
        for n in 0..40i64 {
            let at = 1_795_262_400_000 + n * 1_000;
            let spo2 = if n < 15 { 96 } else { 83 };
            text += &format!(
                r#"{{"at":{at},"device":"m","frame":{{"type":"readings","readings":[{{"vital":"spo2","value":{spo2}}}]}}}}"#
            );
            text.push('\n');
        }
        text
    }

    fn played(text: &str) -> Vec<AlertLine> {
        Player::new(text.as_bytes()).unwrap().play().unwrap()
    }

    #[test]
    fn time_goes_back_where_the_clock_was_set_and_nowhere_else() {
        const HOUR_MS: i64 = 3_600_000;
        const SET_AT: Millis = Millis(1_795_262_417_000);
        let plain = recording();
        let (before, after) = plain.split_at(plain.find("{\"at\":1795262418000").unwrap());
        let after: String = (18..40).fold(after.to_owned(), |text, n| {
            let at = 1_795_262_400_000 + n * 1_000;
            text.replace(&at.to_string(), &(at - HOUR_MS).to_string())
        });
        let set = SET_AT.plus(-HOUR_MS);
        let step = format!("{{\"at\":{set},\"clock_step_ms\":-{HOUR_MS},\"moves_at\":true}}\n");
        let expected: Vec<_> = played(&plain).iter().map(|line| line.at).collect();
        assert!(expected.iter().any(|at| *at > SET_AT));
        let expected: Vec<_> = expected
            .into_iter()
            .map(|at| if at > SET_AT { at.plus(-HOUR_MS) } else { at })
            .collect();
        let moved = played(&format!("{before}{step}{after}"));
        assert_eq!(moved.iter().map(|line| line.at).collect::<Vec<_>>(), expected);
        let text = format!("{before}{after}");
        let error = Player::new(text.as_bytes()).unwrap().play().unwrap_err();
        assert!(matches!(error, PlayError::TimeGoesBack { number: 20, .. }), "{error}");
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_with_its_number_whatever_is_in_it() {
        let header = recording().lines().next().unwrap().to_owned();
        let error = |line: String| {
            let text = format!("{header}\n{line}\n");
            Player::new(text.as_bytes()).unwrap().play().unwrap_err()
        };
        let read = error("x".repeat(LONGEST_LINE_BYTES - 1));
        assert!(matches!(read, PlayError::Line { number: 2, .. }), "{read}");
        for line in ["x".repeat(LONGEST_LINE_BYTES), "é".repeat(LONGEST_LINE_BYTES / 2 + 1)] {
            assert_eq!(error(line).to_string(), "line 2: longer than 16777216 bytes");
        }
    }

    #[test]
    fn what_an_editor_does_to_a_recording_changes_nothing() {
        let plain = recording();
        let alerts = played(&plain);
        assert!(!alerts.is_empty());
        for odd in [
            format!("\u{feff}{plain}"),
            plain.replace('\n', "\r\n"),
            plain.trim_end().to_owned(),
            format!("\u{feff}\r\n{}", plain.replace('\n', "\r\n\r\n")),
        ] {
            assert_eq!(played(&odd), alerts, "{odd:.40}");
        }
    }
}
