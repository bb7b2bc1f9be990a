use super::ConditionRow;
use crate::rules::Rule;
use crate::rules::condition::{Kind, Priority};
use crate::rules::phrases::{either, seconds, sentence, when};
use crate::rules::section::Section;
use crate::rules::suggestion::Suggestion;
use crate::rules::vocabulary::Vocabulary;

impl ConditionRow {
    /// The condition as sentences, stage by stage.
    pub(crate) fn section(&self, words: Vocabulary<'_>) -> Section {
        let shape = self.rule.shape();
        let mut notes = shape.notes(self.condition, words);
        notes.extend(self.hidden_words(words));
        notes.extend(self.cuff_words());
        notes.extend(self.suggestion.as_ref().map(suggested));
        let stages = shape.stages(words);
        if self.realert_s > 0 && stages.iter().any(|stage| stage.priority == Priority::Medium) {
            notes.push(format!(
                "A medium alert that comes back within {} after its end, and is no worse, is the \
                 same alert again, without a tone.",
                seconds(self.realert_s)
            ));
        }
        Section {
            condition: self.condition,
            title: self.text.clone(),
            kind: self.condition.kind(),
            when: when(&self.during),
            stages,
            clears: sentence(&shape.clears(words)),
            note: (!notes.is_empty()).then(|| notes.join(" ")),
        }
    }

    fn hidden_words(&self, words: Vocabulary<'_>) -> Option<String> {
        if self.hidden_by.is_empty() {
            return None;
        }
        let others = either(&words.titles(&self.hidden_by));
        Some(match (&self.rule, self.condition.kind()) {
            (Rule::Fall(_), _) => {
                format!("Not raised while {others} has an open alert, whatever its priority.")
            }
            (_, Kind::Physiological) => {
                format!("Not raised while {others} is active at the same or a graver stage.")
            }
            (Rule::Absence(_) | Rule::Questionable(_), _) => format!(
                "Not raised while {others} is active and what is missing came from that monitor."
            ),
            (_, Kind::Technical) => format!("Not raised while {others} is active."),
        })
    }

    fn cuff_words(&self) -> Option<String> {
        let again_s = match &self.rule {
            Rule::Cuff(rule) => rule.again_s,
            _ => None,
        };
        match (self.asks_cuff, again_s) {
            (true, Some(again_s)) => Some(format!(
                "Its alert asks for a BP at once; one of high priority asks for it every {} until \
                 two readings running are inside the caution limits.",
                seconds(again_s)
            )),
            (true, None) => Some("Its alert asks for a BP at once.".to_owned()),
            (false, _) => None,
        }
    }
}

fn suggested(Suggestion { text, from }: &Suggestion) -> String {
    let with = match from {
        Priority::Low => "",
        Priority::Medium => " with medium or high priority",
        Priority::High => " with high priority",
    };
    format!("While it is active{with}, staff see: “{text}”.")
}
