//! The lines of a recording, which are also the entries of a room's chain (design.md#recordings).

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::event::read_event;
use super::frame::frame_input;
use super::header::profile;
use super::{LineError, Patient};
use crate::profile::Priority;
use crate::room::{AlertLine, Input, Link, MovedFrom, Opening, Outcome, Phase, Receipt, Room};
use crate::vitals::wire::parse_time;
use crate::vitals::{DeviceId, Millis, SessionId};

/// One line after the header.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Something that the room took.
    Input(Input),
    /// The whole state of the room.
    Checkpoint(Box<Room>),
    /// What was shown then, by which version. Replay compares, and otherwise ignores it.
    Alert(AlertLine),
    /// Time passed until here, and nothing more is known.
    End,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine<'a> {
    at: Json,
    device: Option<DeviceId>,
    #[serde(borrow)]
    frame: Option<&'a RawValue>,
    link: Option<String>,
    staff: Option<String>,
    open: Option<RawOpening<'a>>,
    event: Option<Map<String, Json>>,
    acknowledge: Option<String>,
    outcome: Option<RawOutcome>,
    silence: Option<RawSilence>,
    help: Option<Priority>,
    received: Option<String>,
    receipts: Option<Vec<Receipt>>,
    watched: Option<bool>,
    restart: Option<RawRestart>,
    #[serde(borrow)]
    profile: Option<&'a RawValue>,
    clock_step_ms: Option<i64>,
    moves_at: Option<bool>,
    gap: Option<RawGap>,
    checkpoint: Option<Json>,
    engine: Option<String>,
    alert: Option<AlertLine>,
    end: Option<bool>,
    #[serde(rename = "seq")]
    _seq: Option<u64>,
    #[serde(rename = "hash")]
    _hash: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOpening<'a> {
    session: SessionId,
    #[serde(borrow)]
    profile: &'a RawValue,
    planned_s: u32,
    phase: Phase,
    moved_from: Option<MovedFrom>,
    #[serde(rename = "patient")]
    _patient: Option<Patient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutcome {
    alert: String,
    /// `null` takes back what was said; left out it is an error.
    #[serde(deserialize_with = "Option::deserialize")]
    outcome: Option<Outcome>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSilence {
    alert: String,
    seconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRestart {
    blind_from: Millis,
    blind_to: Millis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGap {
    from: Millis,
    to: Millis,
    reason: String,
}

impl Line {
    /// Reads a line after the header, with its time.
    pub fn read(json: &str) -> Result<(Millis, Self), LineError> {
        let raw: RawLine<'_> = serde_json::from_str(json)?;
        let at = parse_time(&raw.at)
            .map_err(|problem| LineError::new(format!("at {problem}, got {}", raw.at)))?;
        Ok((at, raw.line()?))
    }
}

impl RawLine<'_> {
    fn line(self) -> Result<Line, LineError> {
        if let Some(alert) = self.alert {
            let engine = self.engine.is_some();
            return engine
                .then_some(Line::Alert(alert))
                .ok_or_else(|| LineError::new("an alert line names its engine"));
        }
        if let Some(json) = self.checkpoint {
            let room = Room::from_checkpoint(&json).map_err(|e| LineError::new(e.to_string()))?;
            return Ok(Line::Checkpoint(Box::new(room)));
        }
        if self.end == Some(true) {
            return Ok(Line::End);
        }
        self.input().map(Line::Input)
    }

    fn input(self) -> Result<Input, LineError> {
        if let Some(device) = self.device {
            return match (self.frame, self.link) {
                (Some(frame), None) => frame_input(frame, &device),
                (None, Some(link)) => Ok(Input::Link { device, link: link_of(&link)? }),
                _ => Err(LineError::new("a device line has either frame or link")),
            };
        }
        if let Some(watched) = self.watched {
            return Ok(Input::Watched(watched));
        }
        if let Some(alert) = self.received {
            return Ok(Input::Received { alert });
        }
        if let Some(receipts) = self.receipts {
            return Ok(Input::Receipts(receipts));
        }
        if let Some(RawRestart { blind_from, blind_to }) = self.restart {
            return Ok(Input::Restart { blind_from, blind_to });
        }
        if let Some(raw) = self.profile {
            return Ok(Input::Profile(profile(raw)?));
        }
        if let Some(ms) = self.clock_step_ms {
            return Ok(Input::ClockStep { ms, moves_at: self.moves_at.unwrap_or(false) });
        }
        if let Some(RawGap { from, to, reason }) = self.gap {
            return Ok(Input::Gap { from, to, reason });
        }
        let staff = self.staff.ok_or_else(|| LineError::new("the line says nothing known"))?;
        if let Some(alert) = self.acknowledge {
            return Ok(Input::Acknowledge { staff, alert });
        }
        if let Some(RawOutcome { alert, outcome, .. }) = self.outcome {
            return Ok(Input::Outcome { staff, alert, outcome });
        }
        if let Some(RawSilence { alert, seconds }) = self.silence {
            return Ok(Input::Silence { staff, alert, seconds });
        }
        if let Some(priority) = self.help {
            return match priority {
                Priority::Medium | Priority::High => Ok(Input::Help { staff, priority }),
                Priority::Low => Err(LineError::new("help must be medium or high, got low")),
            };
        }
        if let Some(raw) = self.open {
            let opening = Opening {
                session: raw.session,
                profile: profile(raw.profile)?,
                planned_s: raw.planned_s,
                phase: raw.phase,
                staff,
            };
            return Ok(match raw.moved_from {
                Some(from) => Input::MoveIn { opening, from },
                None => Input::Open(opening),
            });
        }
        let event = self.event.ok_or_else(|| {
            LineError::new("a staff line has event, acknowledge, outcome, silence, help or open")
        })?;
        let (event, occurred_at) = read_event(event)?;
        Ok(Input::Staff { staff, event, occurred_at })
    }
}

fn link_of(word: &str) -> Result<Link, LineError> {
    Ok(match word {
        "up" => Link::Up,
        "down" => Link::Down,
        "unbound" => Link::Unbound,
        "bound" => Link::Bound,
        "conflict" => Link::Conflict,
        other => {
            return Err(LineError::new(format!(
                "link must be up, down, bound, unbound or conflict, got {other:?}"
            )));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::write_input;

    #[test]
    fn which_screens_showed_an_alert_is_read_as_it_was_written() {
        let line = r#"{"at":1795262400000,"receipts":[{"alert":"s-a1","at":1795262399600,"by":"KM","kind":"phone","screen":"k3f9"}]}"#;
        let Ok((at, Line::Input(input))) = Line::read(line) else { panic!("not read") };
        assert_eq!(write_input(at, &input), line);
    }

    #[test]
    fn a_frame_of_which_every_value_was_refused_is_read_as_it_was_written() {
        let line = r#"{"at":1795262400000,"device":"m","frame":{"type":"readings","boot":"7f3a","sent_at":1795262399000,"implausible":1,"readings":[]}}"#;
        let Ok((at, Line::Input(input))) = Line::read(line) else { panic!("not read") };
        assert_eq!(write_input(at, &input), line);
    }
}
