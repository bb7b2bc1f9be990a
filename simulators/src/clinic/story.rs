//! The half hour after the clinic opens: every two to three minutes something that is worth acting
//! on, with one line that says what to try. By the clinic's own seconds, so that it is the same at
//! any speed.

use super::action::StaffAction;
use super::happening::{Happening, LEAVES_AT_S};
use crate::control::Trouble;
use crate::patient::{Aim, Event, Raised};

/// One line of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caption {
    /// From when on, seconds after the clinic opens; until the next one.
    pub at_s: i64,
    /// Where it happens; none for what is everywhere.
    pub room: Option<usize>,
    /// What happens, and what to try.
    pub text: &'static str,
}

/// A reaction to infliximab begins, which nobody sees for some minutes.
const REACTION_S: i64 = 640;
/// The patient says so, which alone makes it urgent.
const SHORT_OF_BREATH_S: i64 = 1425;
/// Staff stop the infusion.
const REACTION_ENDS_S: i64 = 1545;

const fn caption(at_s: i64, room: usize, text: &'static str) -> Caption {
    Caption { at_s, room: Some(room), text }
}

/// The whole story.
pub const STORY: [Caption; 21] = [
    Caption {
        at_s: 0,
        room: None,
        text: "Mid-morning, and most chairs are taken. In this minute a patient desaturates, a \
               pressure rises and a probe slips off. Open an alert and take it.",
    },
    caption(70, 3, "Room 3 needs a second reading before it is urgent. Watch it come at 1:30."),
    caption(150, 5, "Room 5 is held at baseline. Open it: the reason, and when to measure again."),
    caption(240, 8, "Room 8's patient checks in. Look at what is still open before the start."),
    caption(300, 7, "Room 7 had esketamine 40 minutes ago: its blood pressure is due now."),
    caption(455, 5, "Room 5's pressure is down: GO. Dose and rate get their second check."),
    caption(
        570,
        2,
        "Room 2's pressure rises slowly. Open its trend and compare with the baseline.",
    ),
    caption(
        REACTION_S,
        4,
        "Room 4 has infliximab over two hours, by limits of its own. Compare them under Rules.",
    ),
    caption(
        LEAVES_AT_S,
        6,
        "Room 6's checklist is complete: the patient leaves. Read the session.",
    ),
    caption(
        840,
        7,
        "Room 7's probe is off: no number is shown as new. Give the alert its outcome.",
    ),
    caption(980, 5, "Room 5's pressure surges. One reading is not enough: the cuff repeats."),
    caption(1100, 5, "Room 5's second reading is in. Enter what you did: Record, Medication."),
    caption(1200, 8, "Room 8's patient stops breathing for a minute. What do you see first?"),
    caption(
        1290,
        4,
        "Room 4: a sign of a reaction. Look at skin and breathing; a second sign makes it urgent.",
    ),
    caption(1350, 8, "Room 8 is back. Close each alert with its outcome: leaving needs it."),
    caption(
        SHORT_OF_BREATH_S,
        4,
        "Room 4's patient is short of breath: a reaction, and urgent. Stop the pump, record it.",
    ),
    caption(1485, 5, "Room 5's patient feels sick. Record the symptom: two taps."),
    caption(
        REACTION_ENDS_S,
        4,
        "Room 4's infusion was stopped. Read what was given, and enter what you see.",
    ),
    caption(1590, 6, "Room 6 has its next patient, who is measured twice before the start."),
    caption(1680, 1, "Room 1's infusion is over: recovery begins, with its own limits and cuff."),
    Caption {
        at_s: 1800,
        room: None,
        text: "That was half an hour. The clinic goes on; the finished sessions are to read.",
    },
];

/// What the story does in a room, each with its second.
pub(super) fn of_room(number: usize) -> Vec<(i64, Happening)> {
    match number {
        2 => {
            let to = Aim { systolic: Some(166.0), diastolic: Some(97.0), heart_rate: None };
            vec![(540, Happening::Patient(Event::Raised(Raised::new(to, 330.0, 420.0))))]
        }
        4 => {
            let lasting_s = (REACTION_ENDS_S - REACTION_S) as f64;
            vec![
                (REACTION_S, Happening::Patient(Event::Allergic { lasting_s })),
                (SHORT_OF_BREATH_S, Happening::Staff(StaffAction::Symptom("breathlessness"))),
                (REACTION_ENDS_S, Happening::Staff(StaffAction::EndForReaction)),
            ]
        }
        5 => vec![
            (970, Happening::Trouble(Trouble::Surge, true)),
            (1480, Happening::Patient(Event::Nauseated)),
            (1600, Happening::Staff(StaffAction::ONDANSETRON)),
        ],
        7 => vec![(830, Happening::ProbeSlips), (1010, Happening::ProbeResited)],
        8 => vec![(1190, Happening::Trouble(Trouble::Desaturate, true))],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_half_an_hour_there_is_something_every_two_to_three_minutes() {
        assert_eq!(STORY[0].at_s, 0);
        assert!(STORY[STORY.len() - 1].at_s >= 1800);
        for pair in STORY.windows(2) {
            let gap_s = pair[1].at_s - pair[0].at_s;
            assert!((1..=180).contains(&gap_s), "{} s before {:?}", gap_s, pair[1]);
        }
    }

    #[test]
    fn a_caption_is_one_line_and_names_its_room() {
        for Caption { room, text, .. } in STORY {
            assert!(text.len() <= 160 && !text.contains('\n') && !text.contains("  "), "{text}");
            let names = |room: usize| text.contains(&format!("Room {room}"));
            assert!(room.is_none_or(names), "{text}");
        }
    }

    #[test]
    fn what_happens_has_its_caption_at_that_time() {
        for number in 1..=8 {
            for (at_s, what) in of_room(number) {
                if matches!(what, Happening::ProbeResited | Happening::Staff(_)) {
                    continue;
                }
                let told = STORY.iter().any(|caption| {
                    caption.room == Some(number) && (0..=30).contains(&(caption.at_s - at_s))
                });
                assert!(told, "room {number} at {at_s} s: {what:?}");
            }
        }
    }
}
