//! What every shape of a rule can say of itself.

use serde_json::Value as Json;

use super::bounds::{Bounds, Delay, LimitStage};
use super::condition::{Condition, Priority};
use super::found::Found;
use super::section::Stage;
use super::vocabulary::Vocabulary;

/// Stages of a rule, signs of a reaction.
pub(crate) const MOST_STAGES: usize = 12;
/// Delays longer than this are mistakes, not medicine; seconds.
pub(super) const LONGEST_DELAY_S: u32 = 600;
/// The room remembers no more of a continuous vital; seconds.
pub(super) const LONGEST_LOOK_S: u32 = 300;
/// Below this the pause between two values of a slow monitor would start every time anew, and
/// nothing would ever last long enough; seconds.
pub(crate) const GAP_S: (u32, u32) = (5, 120);
/// For how long values do not count after bad signal, seconds.
pub(super) const AFTER_BAD_S: (u32, u32) = (0, 60);

/// One stage of a rule: its place, its level and the priority of its alert. Stages that only time
/// tells apart have level 1.
pub(super) type Level = (String, u8, Priority);

/// The levels of a list of stages.
pub(super) fn levels<T>(list: &str, stages: &[T], of: impl Fn(&T) -> (u8, Priority)) -> Vec<Level> {
    let one = |(index, stage)| {
        let (level, priority) = of(stage);
        (format!("{list}[{index}]"), level, priority)
    };
    stages.iter().enumerate().map(one).collect()
}

/// A rule without stages.
pub(super) fn one_level(priority: Priority) -> Vec<Level> {
    vec![("priority".to_owned(), 1, priority)]
}

/// A shape of rules: what the profile's row holds, checked and in words.
pub(crate) trait Shape {
    /// Its key in a profile.
    fn name(&self) -> &'static str;

    /// The key that names what it looks at, and that as it is written.
    fn of(&self) -> Option<(&'static str, Json)> {
        None
    }

    /// The level and priority of each stage.
    fn levels(&self) -> Vec<Level>;

    /// Whether the stages look to the side of the values that are dangerous by this condition.
    fn look_the_right_way(&self, _: Condition, _is_upper: bool, _: &str, _: &mut Found) {}

    /// Whether its numbers are within what the room can judge, and still medicine.
    fn check(&self, words: Vocabulary<'_>, place: &str, found: &mut Found);

    /// Its stages with limits.
    fn limits(&self) -> Vec<LimitStage> {
        Vec::new()
    }

    /// How far inside the caution limits its alert is over, and the key that says so.
    fn clearing_margin(&self) -> Option<(&'static str, f64)> {
        None
    }

    /// Its stages that only time tells apart; `None` of a rule that has none of them.
    fn delays(&self) -> Option<Vec<Delay>> {
        None
    }

    /// Whether it keeps to what is its own alone among the floors and ceilings.
    fn keeps_to(&self, _: &Bounds, _: Vocabulary<'_>, _: &str, _: &mut Found) {}

    /// Its stages in words, from the mildest to the gravest.
    fn stages(&self, words: Vocabulary<'_>) -> Vec<Stage>;

    /// When it is over, in words.
    fn clears(&self, words: Vocabulary<'_>) -> String;

    /// What else there is to say of it.
    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Conditions with which one of its stages counts.
    fn counts_with(&self, _: Condition) -> bool {
        false
    }
}
