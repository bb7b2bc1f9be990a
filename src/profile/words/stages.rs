//! One condition of a profile as sentences: its stages, when it is over, what else follows.

use super::super::{
    AbsenceStage, Clearing, Compare, Condition, ConditionRow, CuffCount, CuffPart, CuffStage,
    DeficitStage, EnteredStage, FallStage, HeldStage, Incident, Kind, OverdueStage, Overridden,
    Priority, Profile, Rule, Sign, SignsStage, Steady, Suggestion, TimedStage,
};
use super::phrases::{
    Named, both, count, cuff_test, either, part, seconds, sentence, sign, titles, vital, when,
};
use super::{Section, Stage};

/// The condition, stage by stage.
pub(super) fn section(profile: &Profile, row: &ConditionRow) -> Section {
    let notes = notes(profile, row);
    Section {
        condition: row.condition,
        title: row.text.clone(),
        kind: row.condition.kind(),
        when: when(&row.during),
        stages: stages(profile, row),
        clears: sentence(&clears(profile, &row.rule)),
        note: (!notes.is_empty()).then(|| notes.join(" ")),
    }
}

fn levelled(level: u8, priority: Priority, text: &str) -> Stage {
    let name = match level {
        1 => "caution",
        2 => "urgent",
        _ => "extreme",
    };
    Stage { priority, name, text: sentence(text) }
}

fn technical(priority: Priority, text: &str) -> Stage {
    Stage { priority, name: priority.name(), text: sentence(text) }
}

fn stages(profile: &Profile, row: &ConditionRow) -> Vec<Stage> {
    match &row.rule {
        Rule::Held { vital: of, stages, deficits, .. } => {
            let held = |s: &HeldStage| levelled(s.level, s.priority, &held(vital(*of), s));
            let area = |d: &DeficitStage| levelled(d.level, d.priority, &deficit(vital(*of), d));
            let mut all: Vec<_> = stages.iter().map(|s| (s.level, held(s))).collect();
            all.extend(deficits.iter().map(|d| (d.level, area(d))));
            all.sort_by_key(|(level, _)| *level);
            all.into_iter().map(|(_, stage)| stage).collect()
        }
        Rule::Fall { vital: of, by, within_s, to, held_s, after_bad_s, stages, .. } => {
            let of = vital(*of);
            let to = of.limit(Compare::AtOrBelow, to);
            let fall = format!(
                "{} falls by {by} or more within {}, to {to}, for {}{}",
                of.name,
                seconds(*within_s),
                seconds(*held_s),
                settled(*after_bad_s)
            );
            let stage = |s: &FallStage| {
                levelled(s.level, s.priority, &format!("{fall}{}", beside(profile, &s.with)))
            };
            stages.iter().map(stage).collect()
        }
        Rule::Cuff { stages, .. } => {
            let cuff = |s: &CuffStage| {
                levelled(s.level, s.priority, &format!("{}{}", cuff(s), beside(profile, &s.with)))
            };
            stages.iter().map(cuff).collect()
        }
        Rule::Signs { symptoms, stages, .. } => {
            let gravest = stages.iter().map(|s| s.level).max();
            let stage = |s: &SignsStage| {
                let noun = if s.at_least == 1 { "sign is" } else { "signs together are" };
                let mut text = format!("at least {} {noun} there", count(s.at_least));
                if Some(s.level) == gravest && !symptoms.is_empty() {
                    text += &format!(", or one of these is entered: {}", named(profile, symptoms));
                }
                levelled(s.level, s.priority, &text)
            };
            stages.iter().map(stage).collect()
        }
        Rule::Entered { score, stages } => {
            let stage = |s: &EnteredStage| {
                levelled(s.level, s.priority, &entered(profile, score.as_deref(), s))
            };
            stages.iter().map(stage).collect()
        }
        Rule::Absence { vital: of, stages, .. } => {
            let stage = |s: &AbsenceStage| technical(s.priority, &absence(vital(*of).name, s));
            stages.iter().map(stage).collect()
        }
        Rule::Questionable { vitals, stages } => {
            let names: Vec<_> = vitals.iter().map(|v| vital(*v).name.to_owned()).collect();
            let what = format!("the monitor does not trust its {}", either(&names));
            stages.iter().map(|s| timed(&what, s)).collect()
        }
        Rule::Lost { stages } => {
            let what = "the monitor of the session is not heard";
            stages.iter().map(|s| timed(what, s)).collect()
        }
        Rule::Unwatched { stages } => {
            let what = "no screen that can be seen and heard shows the room";
            stages.iter().map(|s| timed(what, s)).collect()
        }
        Rule::CuffOverdue { stages } => {
            let stage = |s: &OverdueStage| technical(s.priority, &overdue(s));
            stages.iter().map(stage).collect()
        }
        Rule::CuffFailed { failures, priority, inflated } => {
            let text = match failures {
                1 => "a BP reading fails".to_owned(),
                n => format!("{} BP readings running fail", count(*n)),
            };
            let too_long = format!(
                "the cuff has been inflated for {} without a result",
                seconds(inflated.after_s)
            );
            vec![technical(*priority, &text), technical(inflated.priority, &too_long)]
        }
        Rule::Repeated { incident, count, within_s, priority } => {
            let what = match incident {
                Incident::LinkDropped => "the monitor's stream stands still and goes on",
                Incident::ValueRefused => "a value that no living patient has is refused",
            };
            let text = format!("{what}, {count} times within {}", seconds(*within_s));
            vec![technical(*priority, &text)]
        }
        Rule::ClockDiffers { by_s, for_s, priority } => {
            let (by, long) = (seconds(*by_s), seconds(*for_s));
            let text = format!("the monitor's clock differs by more than {by}, for {long}");
            vec![technical(*priority, &text)]
        }
        Rule::Reported { priority } => {
            vec![technical(*priority, "as soon as the server finds it, without delay")]
        }
    }
}

fn held(of: Named, stage: &HeldStage) -> String {
    let beyond = of.beyond(stage.compare, &stage.limit);
    let long = seconds(stage.for_s);
    if stage.for_s <= 1 {
        return format!("{beyond}, by one value");
    }
    if stage.share >= 1.0 {
        return format!("{beyond}, for {long}");
    }
    let share = (stage.share * 100.0).round();
    format!("{beyond}, in at least {share} % of the good values of {long}")
}

fn deficit(of: Named, stage: &DeficitStage) -> String {
    let sum = stage.area;
    // Half as deep as counts at most, and the time that this takes.
    let depth = (stage.most / 2.0).max(1.0).floor();
    let such_as = seconds((sum / depth).ceil() as u32);
    format!(
        "{}, so far and so long that depth times seconds reach {sum} within {} (such as {depth} \
         below it for {such_as}; a value counts for {} at most{})",
        of.beyond(Compare::Below, &stage.limit),
        seconds(stage.over_s),
        stage.most,
        settled(stage.after_bad_s)
    )
}

fn settled(after_bad_s: u32) -> String {
    match after_bad_s {
        0 => String::new(),
        s => format!("; values within {} after a bad signal do not count", seconds(s)),
    }
}

fn beside(profile: &Profile, with: &[Condition]) -> String {
    if with.is_empty() {
        return String::new();
    }
    format!(", while {} has an open alert", either(&titles(profile, with)))
}

fn cuff(stage: &CuffStage) -> String {
    let test = cuff_test(&stage.test);
    match stage.readings {
        CuffCount::One => format!("{test}, by one reading"),
        CuffCount::Two => format!("{test}, by two readings running"),
        CuffCount::Confirmed { within_s } => {
            let within = seconds(within_s);
            let other = stage.or_confirmed_by.as_ref();
            let other = other
                .map_or_else(String::new, |test| format!(" ({} confirms it too)", cuff_test(test)));
            format!(
                "{test}, confirmed by the next reading within {within}{other}; without one in that \
                 time, all the same"
            )
        }
    }
}

fn named(profile: &Profile, symptoms: &[String]) -> String {
    let texts: Vec<_> = symptoms.iter().map(|s| profile.symptom_text(s).to_owned()).collect();
    either(&texts)
}

fn entered(profile: &Profile, score: Option<&str>, stage: &EnteredStage) -> String {
    let by_score = stage.is.map(|test| {
        let known = profile.scores.iter().find(|choice| Some(&*choice.name) == score);
        let name = known.map_or("the score", |choice| &choice.text);
        format!("the score “{name}” is entered {} {}", test.compare.words(), test.limit)
    });
    let by_symptom = (!stage.symptoms.is_empty())
        .then(|| format!("staff enter {}", named(profile, &stage.symptoms)));
    either(&by_score.into_iter().chain(by_symptom).collect::<Vec<_>>())
}

fn infusing(only: bool) -> &'static str {
    if only { ", while infusing" } else { "" }
}

fn timed(what: &str, stage: &TimedStage) -> Stage {
    let text = format!("{what}, for {}{}", seconds(stage.after_s), infusing(stage.infusing));
    technical(stage.priority, &text)
}

fn absence(name: &str, stage: &AbsenceStage) -> String {
    let why = if stage.sensor_off { ", and the monitor says that the sensor is off" } else { "" };
    format!("no value of {name}{why}, for {}{}", seconds(stage.after_s), infusing(stage.infusing))
}

fn overdue(stage: &OverdueStage) -> String {
    let cadences = match stage.cadences {
        1 => "the cadence".to_owned(),
        2 => "twice the cadence".to_owned(),
        n => format!("{n} times the cadence"),
    };
    format!(
        "no valid BP for {cadences} and {} more{}",
        seconds(stage.and_s),
        infusing(stage.infusing)
    )
}

fn clears(profile: &Profile, rule: &Rule) -> String {
    let long = |for_s: u32| match for_s {
        0..=1 => "by one value".to_owned(),
        s => format!("for {}", seconds(s)),
    };
    let inside = |Clearing { margin, for_s }: &Clearing| {
        format!("at least {margin} inside every caution limit, {}", long(*for_s))
    };
    match rule {
        Rule::Held { vital: of, clearing, .. } => {
            format!("over when {} is {}", vital(*of).name, inside(clearing))
        }
        Rule::Fall { vital: of, clearing, steady, .. } => {
            let steady = steady.unwrap_or(Steady::usual(*of));
            format!(
                "over when {} is at least {} above the value that it fell to or below, for {}, or \
                 has stayed within {} of its newest value for {}",
                vital(*of).name,
                clearing.margin,
                seconds(clearing.for_s),
                steady.within,
                seconds(steady.for_s)
            )
        }
        Rule::Cuff { clearing_margin, .. } => {
            format!(
                "over by one reading at least {clearing_margin} mmHg inside every caution limit"
            )
        }
        Rule::Signs { signs, .. } => {
            let margins = signs.iter().filter(|sign| sign.margin > 0.0);
            let margins: Vec<_> =
                margins.map(|sign| format!("{} by {}", sign.text, sign.margin)).collect();
            let by = if margins.is_empty() {
                String::new()
            } else {
                format!(", its value back inside by a margin ({})", margins.join(", "))
            };
            format!("over when no sign is left{by}, and the symptoms are entered as gone")
        }
        Rule::Entered { score, .. } => {
            let known = profile.scores.iter().any(|choice| Some(&choice.name) == score.as_ref());
            let score = if known { "a score inside the limits is entered, and " } else { "" };
            format!("over when {score}every such symptom is entered as gone")
        }
        Rule::Absence { vital: of, .. } => {
            format!("over when a value of {} comes again", vital(*of).name)
        }
        Rule::Questionable { .. } => "over when the monitor trusts its values again".to_owned(),
        Rule::Lost { .. } => "over when the monitor is heard again".to_owned(),
        Rule::Unwatched { .. } => "over when such a screen shows the room again".to_owned(),
        Rule::CuffFailed { .. } | Rule::CuffOverdue { .. } => "over by a valid reading".to_owned(),
        Rule::Repeated { within_s, .. } => {
            format!("over when it did not happen for {}", seconds(*within_s))
        }
        Rule::ClockDiffers { .. } => "over when the clock is right again".to_owned(),
        Rule::Reported { .. } => "over when staff have decided".to_owned(),
    }
}

fn notes(profile: &Profile, row: &ConditionRow) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(of_the_rule(profile, row));
    if !row.hidden_by.is_empty() {
        let others = either(&titles(profile, &row.hidden_by));
        notes.push(match row.condition.kind() {
            Kind::Physiological => format!(
                "Not raised while {others} has an open alert of the same or a higher priority."
            ),
            Kind::Technical => format!("Not raised while {others} stands."),
        });
    }
    let again_s = match &row.rule {
        Rule::Cuff { again_s, .. } => *again_s,
        _ => None,
    };
    match (row.asks_cuff, again_s) {
        (true, Some(again_s)) => notes.push(format!(
            "Its alert asks for a BP at once; one of high priority asks for it every {} until two \
             readings running are inside the caution limits.",
            seconds(again_s)
        )),
        (true, None) => notes.push("Its alert asks for a BP at once.".to_owned()),
        (false, _) => {}
    }
    if let Some(suggestion) = &row.suggestion {
        let Suggestion { text, from } = suggestion;
        let with = match from {
            Priority::Low => "",
            Priority::Medium => " with medium or high priority",
            Priority::High => " with high priority",
        };
        notes.push(format!("While it stands{with}, staff see: “{text}”."));
    }
    let has_medium = stages(profile, row).iter().any(|stage| stage.priority == Priority::Medium);
    if has_medium && row.realert_s > 0 {
        notes.push(format!(
            "A medium alert that comes back within {} after its end, and is no worse, is the same \
             alert again, without a tone.",
            seconds(row.realert_s)
        ));
    }
    notes
}

fn of_the_rule(profile: &Profile, row: &ConditionRow) -> Vec<String> {
    match &row.rule {
        Rule::Held { gap_s, .. } => {
            vec![format!(
                "Each time starts anew after a gap of {} or more without good values.",
                seconds(*gap_s)
            )]
        }
        Rule::Fall { .. } => {
            let usual =
                "Without an accepted baseline the median of the last 5 minutes stands for it.";
            vec![usual.to_owned()]
        }
        Rule::Cuff { part: of, overridden: Some(overridden), .. } => {
            vec![override_words(*of, overridden)]
        }
        Rule::Signs { signs, .. } => {
            let one = |s: &Sign| format!("{} ({})", s.text, sign(s));
            let all: Vec<_> = signs.iter().map(one).collect();
            vec![format!("The signs: {}.", both(&all))]
        }
        Rule::Entered { .. } => {
            vec!["A further symptom of the same gravity sounds anew.".to_owned()]
        }
        Rule::Absence { sensor_off_text, .. } => {
            let mut notes = vec![
                format!("When the monitor says that the sensor is off, staff read “{sensor_off_text}”."),
                "What goes missing while a cuff inflates waits until 20 s after its end, 60 s at most."
                    .to_owned(),
            ];
            if row.condition == Condition::HrNoValue {
                let other = titles(profile, &[Condition::Spo2NoValue]);
                notes.push(format!("Not beside {} of the same finger clip.", either(&other)));
            }
            notes
        }
        Rule::CuffFailed { failures, .. } if *failures > 1 => {
            vec!["A failure before that is a task: repeat the reading.".to_owned()]
        }
        Rule::CuffOverdue { .. } => {
            let from = "Counted from the last valid reading, or from the beginning of the phase.";
            vec![from.to_owned()]
        }
        _ => Vec::new(),
    }
}

fn override_words(of: CuffPart, Overridden { above, caution }: &Overridden) -> String {
    let of = part(of);
    let limit = of.limit(Compare::AtOrAbove, caution);
    format!(
        "When staff go on with a baseline above {}, the caution limit becomes: {limit}.",
        of.value(*above)
    )
}
