//! The lines that a room's owner writes.

use serde::Serialize;
use serde_json::json;

use crate::room::{AlertLine, Input, Link, Room};
use crate::vitals::{DeviceId, Millis};

/// The line of an input.
#[must_use]
pub fn write_input(at: Millis, input: &Input) -> String {
    #[derive(Serialize)]
    struct FrameLine<'a> {
        at: Millis,
        device: &'a DeviceId,
        frame: &'a crate::vitals::Frame,
    }
    let line = match input {
        Input::Frame(frame) => {
            let line = FrameLine { at, device: &frame.device, frame };
            // A frame of numbers and texts cannot fail to be written.
            return serde_json::to_string(&line).unwrap_or_default();
        }
        Input::Link { device, link } => {
            let link = match link {
                Link::Up => "up",
                Link::Down => "down",
                Link::Unbound => "unbound",
                Link::Bound => "bound",
                Link::Conflict => "conflict",
            };
            json!({"at": at, "device": device, "link": link})
        }
        Input::Open(opening) => json!({"at": at, "staff": opening.staff, "open": {
            "session": opening.session, "profile": *opening.profile,
            "planned_s": opening.planned_s, "phase": opening.phase}}),
        Input::MoveIn { opening, from } => json!({"at": at, "staff": opening.staff, "open": {
            "session": opening.session, "profile": *opening.profile,
            "planned_s": opening.planned_s, "phase": opening.phase, "moved_from": from}}),
        Input::Staff { staff, event, occurred_at } => {
            let mut line = json!({"at": at, "staff": staff, "event": event});
            if let Some(occurred_at) = occurred_at {
                line["event"]["occurred_at"] = json!(occurred_at);
            }
            line
        }
        Input::Acknowledge { staff, alert } => {
            json!({"at": at, "staff": staff, "acknowledge": alert})
        }
        Input::Outcome { staff, alert, outcome } => {
            json!({"at": at, "staff": staff, "outcome": {"alert": alert, "outcome": outcome}})
        }
        Input::Silence { staff, alert, seconds } => {
            json!({"at": at, "staff": staff, "silence": {"alert": alert, "seconds": seconds}})
        }
        Input::Help { staff, priority } => json!({"at": at, "staff": staff, "help": priority}),
        Input::Received { alert } => json!({"at": at, "received": alert}),
        Input::Receipts(receipts) => json!({"at": at, "receipts": receipts}),
        Input::Watched(watched) => json!({"at": at, "watched": watched}),
        Input::Restart { blind_from, blind_to } => {
            json!({"at": at, "restart": {"blind_from": blind_from, "blind_to": blind_to}})
        }
        Input::Profile(profile) => json!({"at": at, "profile": **profile}),
        Input::ClockStep { ms, moves_at: false } => json!({"at": at, "clock_step_ms": ms}),
        Input::ClockStep { ms, moves_at: true } => {
            json!({"at": at, "clock_step_ms": ms, "moves_at": true})
        }
        Input::Gap { from, to, reason } => {
            json!({"at": at, "gap": {"from": from, "to": to, "reason": reason}})
        }
    };
    line.to_string()
}

/// The line of a room's whole state.
#[must_use]
pub fn write_checkpoint(at: Millis, room: &Room) -> String {
    json!({"at": at, "checkpoint": room.checkpoint()}).to_string()
}

/// The line of what was shown, by this version.
#[must_use]
pub fn write_alert(line: &AlertLine) -> String {
    json!({"at": line.at, "engine": env!("CARGO_PKG_VERSION"), "alert": line}).to_string()
}
