//! The answers to senders, as lines of JSON (protocols.md#json).

use crate::contract::IngestAnswer;
use crate::vitals::wire::WireProblem;

/// The outcome of a frame.
#[derive(Debug)]
pub enum FrameOutcome {
    /// It is on disk, except for what was refused.
    Stored {
        /// Its number.
        seq: u64,
        /// What was refused.
        problems: Vec<WireProblem>,
    },
    /// Nothing in it was usable; this is the answer.
    Rejected(String),
}

/// Answers that are ready, in the order of the frames. `stored` means that frame and all before
/// it, so several become one.
#[derive(Debug, Default)]
pub struct Answers {
    text: String,
    stored: Option<u64>,
}

impl Answers {
    /// Adds the outcome of the next frame.
    pub fn add(&mut self, outcome: FrameOutcome) {
        match outcome {
            FrameOutcome::Stored { seq, problems } if problems.is_empty() => {
                self.stored = Some(seq)
            }
            FrameOutcome::Stored { seq, problems } => {
                // Covers those before it.
                self.stored = None;
                self.line(&stored(seq, &problems));
            }
            FrameOutcome::Rejected(answer) => {
                self.settle();
                self.line(&answer);
            }
        }
    }

    /// The text to be sent, one answer on each line; `None` if there is none.
    pub fn take(&mut self) -> Option<String> {
        self.settle();
        Some(std::mem::take(&mut self.text)).filter(|text| !text.is_empty())
    }

    fn settle(&mut self) {
        if let Some(seq) = self.stored.take() {
            self.line(&stored(seq, &[]));
        }
    }

    fn line(&mut self, answer: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(answer);
    }
}

fn stored(seq: u64, problems: &[WireProblem]) -> String {
    // Numbers and texts cannot fail to be written.
    serde_json::to_string(&IngestAnswer::Stored { seq, problems }).unwrap_or_default()
}

/// The answer to a frame that holds nothing usable.
pub(super) fn rejected(seq: Option<u64>, problem: &WireProblem) -> String {
    serde_json::to_string(&IngestAnswer::Rejected { seq, problem }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(seq: u64) -> FrameOutcome {
        FrameOutcome::Stored { seq, problems: vec![] }
    }

    fn problem() -> WireProblem {
        WireProblem { title: "spo2 must be 1..=100, got 130".into(), field: None }
    }

    fn said(outcomes: impl IntoIterator<Item = FrameOutcome>) -> String {
        let mut answers = Answers::default();
        outcomes.into_iter().for_each(|outcome| answers.add(outcome));
        answers.take().unwrap_or_default()
    }

    #[test]
    fn frames_that_are_stored_at_once_share_an_answer() {
        assert_eq!(said([ok(1), ok(2), ok(3)]), r#"{"type":"stored","seq":3}"#);
        assert_eq!(said([]), "");
    }

    #[test]
    fn a_rejected_frame_is_answered_in_its_place() {
        let outcomes = [ok(1), ok(2), FrameOutcome::Rejected(rejected(Some(3), &problem())), ok(4)];
        insta::assert_snapshot!(said(outcomes), @r#"
        {"type":"stored","seq":2}
        {"type":"rejected","seq":3,"problem":{"title":"spo2 must be 1..=100, got 130"}}
        {"type":"stored","seq":4}
        "#);
    }

    #[test]
    fn a_frame_stored_in_part_answers_for_those_before_it_too() {
        let outcomes = [ok(1), FrameOutcome::Stored { seq: 2, problems: vec![problem()] }, ok(3)];
        insta::assert_snapshot!(said(outcomes), @r#"
        {"type":"stored","seq":2,"problems":[{"title":"spo2 must be 1..=100, got 130"}]}
        {"type":"stored","seq":3}
        "#);
    }
}
