//! What is left of a patient once their session has ended, and why.
//!
//! Ending a session drops the [`Stay`]: baseline, own limits, entries, histories, pressures, tasks
//! and counts go with it, and the next stay begins with nothing. Only what is named here outlives
//! it: a test ends a session after anything at all, and finds no more of it in the state than
//! `AFTERLIFE` names.

use serde::{Deserialize, Serialize};

use super::bedside::Bedside;
use super::{Phase, Room, Session, Stay};
use crate::vitals::{Millis, SessionId, moved};

/// A session that is over, as far as the room still needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Its id: its alerts can still be called by their short names.
    pub session: SessionId,
    /// How it ended, for those who still see it on their screen.
    pub phase: Phase,
    /// When it ended: a pressure that was measured earlier is not the next patient's.
    pub at: Millis,
}

moved!(Ended { moves: at; stays: session, phase });

impl Room {
    /// The patient has left, and with them their stay. Alerts that were only about measuring are
    /// closed; those about the patient that nobody has seen stay until somebody has.
    pub(super) fn end_stay(&mut self) -> Option<Session> {
        self.give_way();
        let session = self.stay.session.take()?;
        let (id, phase, at) = (session.id.clone(), session.phase, session.phase_since);
        self.ended = Some(Ended { session: id, phase, at });
        self.stay = Stay::new(self.clinic_profile.clone());
        self.bedside.patient_left();
        Some(session)
    }
}

impl Bedside {
    /// The monitors stay what they are and keep what they last gave. What people measured, and the
    /// pressure, belong to the patient.
    fn patient_left(&mut self) {
        self.latest.retain(super::Latest::is_of_bedside);
        self.latest.iter_mut().for_each(super::Latest::patient_left);
    }
}

/// What of the state may differ, after a session, from that of a room that nobody was in: the place
/// in the state, its keys, and why. All remaining alerts are marked as past, except for a conflict
/// of monitors that goes on.
#[cfg(test)]
pub(super) const AFTERLIFE: [(&str, &[&str], &str); 8] = [
    ("", &["now"], "Time goes on."),
    ("ended", &["session", "phase", "at"], "See `Ended`."),
    (
        "bedside",
        &["unwatched_since", "ages_from", "unbound_at"],
        "Screens, the server and the plug are the room's own.",
    ),
    (
        "bedside.monitors[]",
        &[
            "device",
            "last_heard",
            "last_live",
            "late_by_ms",
            "link_is_down",
            "is_heard",
            "is_continuous",
            "clocks",
            "rhythm",
            "bound_at",
            "back_at",
            "clock_differs_since",
            "is_in_conflict",
        ],
        "The monitor stays in the room, with its clock, its pace and its link.",
    ),
    (
        "bedside.monitors[]",
        &["last_cuff", "said_cuffs"],
        "A monitor goes on showing its last pressure: it must not be taken for the next patient's.",
    ),
    (
        "bedside.latest[]",
        &[
            "vital",
            "device",
            "channel",
            "source",
            "observation",
            "taken_at",
            "device_taken_at",
            "heard_at",
            "bound",
            "is_doubted",
            "is_corrected",
            "last_value",
            "rhythm",
        ],
        "What a monitor gave last, with its age, and how often it gives it; no pressure, and \
         nothing that people measured.",
    ),
    (
        "alarms.alerts[]",
        &[
            "scope",
            "number",
            "session",
            "condition",
            "level",
            "priority",
            "state",
            "value",
            "limit",
            "value_at",
            "text",
            "profile",
            "worst",
            "worst_bound",
            "worst_at",
            "raised_at",
            "active_since",
            "ended_at",
            "acknowledged",
            "acknowledged_before",
            "outcome",
            "silenced_until",
            "reopened_at",
            "waits_for",
            "is_past",
            "received",
            "ask_again_at",
            "calling",
        ],
        "Staff must still see those that nobody has seen, and say of the closed ones what came of \
         them.",
    ),
    ("alarms", &["numbered_of_day"], "A number of a day is given once."),
];
