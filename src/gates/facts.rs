use super::statement::Statement;
use super::waived_by::WaivedBy;
use crate::rules::ContinuousVital;
use crate::vitals::{Decimal, Millis, Pressure};

/// What a gate is judged by. The room answers; tests answer with what they like.
pub trait Facts {
    /// Now.
    fn now(&self) -> Millis;
    /// When the infusion, or the first spray, began.
    fn started_at(&self) -> Option<Millis>;
    /// When the infusion ended.
    fn stopped_at(&self) -> Option<Millis>;
    /// The accepted pressure.
    fn baseline_pressure(&self) -> Option<Pressure>;
    /// The accepted value of a continuous vital.
    fn baseline_of(&self, vital: ContinuousVital) -> Option<f64>;
    /// Valid cuff pressures of this session by when they were measured, newest first.
    fn pressures(&self) -> Vec<(Millis, Pressure)>;
    /// Good values of the last `for_s` seconds.
    fn extremes(&self, vital: ContinuousVital, for_s: u32) -> Option<Extremes>;
    /// Seconds of the last `for_s` with a good value.
    fn good_s(&self, vital: ContinuousVital, for_s: u32) -> u32;
    /// How a symptom is, as it was last entered.
    fn symptom(&self, name: &str) -> SymptomTime;
    /// The last value of a score.
    fn score(&self, name: &str) -> Option<(i32, Signed)>;
    /// Who ticked an item.
    fn ticked(&self, item: &str) -> Option<Signed>;
    /// What was answered to a question, by whom: `true` is yes.
    fn answered(&self, item: &str) -> Option<(bool, Signed)>;
    /// The prescriber who has looked at what was answered with yes.
    fn reviewed(&self) -> Option<Signed>;
    /// What was said, in words, and by whom; `None` while it was not, or not well enough.
    fn stated(&self, what: Statement, item: &str) -> Option<(String, Signed)>;
    /// Why the start should wait, the first reason, and who may start all the same.
    fn hold(&self) -> Option<(String, WaivedBy)>;
    /// Urgent alerts of this session: how many have their outcome, of how many.
    fn urgent_alerts(&self) -> (usize, usize);
    /// An urgent alert that is active; one about the patient before others.
    fn active_urgent(&self) -> Option<ActiveUrgent>;
}

/// An urgent alert that is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveUrgent {
    /// As staff read it.
    pub text: String,
    /// Whether it is about the patient: not about a monitor, a screen or the record.
    pub is_physiological: bool,
}

/// The lowest and the highest of some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// The lowest.
    pub lowest: Decimal,
    /// The highest.
    pub highest: Decimal,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Initials.
    pub by: String,
    /// When it was done.
    pub at: Millis,
}

/// Whether a symptom is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymptomTime {
    /// It was not there in this session.
    Never,
    /// It is there.
    There,
    /// It was there last at this time.
    Last(Millis),
}
