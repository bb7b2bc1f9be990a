//! The rules as a page in Markdown, to be read, printed and signed.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::super::{Approval, Kind, Profile, Section};
use super::{Rules, gates};

const PREFACE: &str = "These are defaults that a medical director must review before anyone relies \
     on them; dripwatch is not a medical device, and the bedside monitor stays the primary alarm.";

pub(super) fn markdown(rules: &Rules<'_>) -> String {
    let Profile { name, version, title, approved, .. } = rules.profile;
    let mut page = format!("# {title}: what alarms, and when\n\n{PREFACE}\n\n");
    // Writing to a text cannot fail.
    let _ =
        writeln!(page, "Profile `{name}`, version {version}. {}\n", signature(approved.as_ref()));
    list(&mut page, "When blood pressure is measured", &rules.cadence);
    list(
        &mut page,
        "Before the start: the first of these that is so is shown as a task, never as an alert",
        &rules.before_start,
    );
    list(&mut page, "What the start waits for after a fall", &rules.start_waits);
    if !rules.gates.is_empty() {
        let _ = writeln!(page, "## What is asked before a session goes on\n");
        lines(&mut page, &rules.passing);
        for (step, items) in &rules.gates {
            let _ = writeln!(page, "### {}\n", gates::heading(*step));
            lines(&mut page, items);
        }
    }
    list(&mut page, "What may be ordered", &rules.dose);
    list(&mut page, "What holds for every alert", &rules.general);
    for (kind, heading) in [
        (Kind::Physiological, "Alerts of the patient's values"),
        (Kind::Technical, "Alerts of the measuring"),
    ] {
        let _ = writeln!(page, "## {heading}\n");
        for of_kind in rules.sections.iter().filter(|section| section.kind == kind) {
            section(&mut page, of_kind);
        }
    }
    let _ = writeln!(
        page,
        "## Signature\n\nI have reviewed version {version} of `{name}`.\n\n\
         Name: ______________________  Date: ______________  Signature: ______________________"
    );
    page
}

fn signature(approved: Option<&Approval>) -> String {
    let Some(Approval { by, at }) = approved else {
        return "**Nobody has approved this version.**".to_owned();
    };
    let at = Timestamp::from_millisecond(*at).map_or_else(
        |_| format!("{at} ms since 1970"),
        |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    );
    format!("Approved by {by} on {at}.")
}

fn list(page: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(page, "## {heading}\n");
    lines(page, items);
}

fn lines(page: &mut String, lines: &[String]) {
    for line in lines {
        let _ = writeln!(page, "- {line}");
    }
    page.push('\n');
}

fn section(page: &mut String, section: &Section) {
    let Section { condition, title, when, stages, clears, note, .. } = section;
    let _ = writeln!(page, "### {title} (`{}`)\n\n{when}\n", condition.name());
    for stage in stages {
        let priority = stage.priority.name();
        let name = if stage.name == priority {
            format!("**{priority}**")
        } else {
            format!("**{}** ({priority})", stage.name)
        };
        let _ = writeln!(page, "- {name}: {}", stage.text);
    }
    let _ = writeln!(page, "\n{clears}");
    if let Some(note) = note {
        let _ = writeln!(page, "{note}");
    }
    page.push('\n');
}
