//! `dripwatch outbound`: how it goes with what is sent to the hospital's systems.

use std::process::ExitCode;

use jiff::tz::TimeZone;

use super::data::AnswerArgs;
use super::data_client::ask;
use super::say;
use crate::contract::{Outbound, OutboundDestination};
use crate::control::ListOutbound;

pub(super) async fn run(args: AnswerArgs) -> anyhow::Result<ExitCode> {
    let config = args.load()?;
    let answer = ask(&config, ListOutbound {}).await?;
    if args.json {
        say::answer(format_args!("{}\n", serde_json::to_string(&answer)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let Outbound { outbound } = answer;
    if outbound.is_empty() {
        say::note("Nothing is sent anywhere: [[outbound]] in the configuration names a system.");
        return Ok(ExitCode::SUCCESS);
    }
    let zone = config.clinic.zone();
    let rows: Vec<_> = outbound.iter().map(|to| row(to, &zone)).collect();
    let head = ["SYSTEM", "ADDRESS", "WAITING", "ARRIVED", "LAST", "SET ASIDE", "TROUBLE"];
    say::answer(say::table(head, &rows))?;
    Ok(ExitCode::SUCCESS)
}

fn row(to: &OutboundDestination, zone: &TimeZone) -> [String; 7] {
    let trouble = match (to.not_reached_since, &to.why) {
        (Some(since), why) => {
            let why = why.as_deref().unwrap_or("not reached");
            format!("since {}: {why}", say::minute(since, zone))
        }
        (None, Some(why)) => why.clone(),
        (None, None) => "none".to_owned(),
    };
    [
        to.name.clone(),
        to.address.clone(),
        to.waiting.to_string(),
        to.arrived.to_string(),
        to.last_arrived_at.map_or("never".to_owned(), |at| say::minute(at, zone)),
        to.set_aside_count.to_string(),
        trouble,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::Millis;

    #[test]
    fn a_system_is_one_row_that_names_its_trouble() {
        let mut to = OutboundDestination {
            name: "EHR".to_owned(),
            kind: "hl7-mllp".to_owned(),
            address: "ehr.example:2575".to_owned(),
            waiting: 2,
            waiting_since: Some(Millis(1_763_726_400_000)),
            arrived: 7,
            last_arrived_at: Some(Millis(1_763_726_400_000)),
            not_reached_since: Some(Millis(1_763_730_000_000)),
            is_lost: false,
            why: Some("nothing listens at this address".to_owned()),
            set_aside_count: 1,
            set_aside: Vec::new(),
        };
        let trouble = "since 2025-11-21 13:00: nothing listens at this address";
        let expected = ["EHR", "ehr.example:2575", "2", "7", "2025-11-21 12:00", "1", trouble];
        assert_eq!(row(&to, &TimeZone::UTC), expected);
        (to.not_reached_since, to.why, to.last_arrived_at) = (None, None, None);
        assert_eq!(row(&to, &TimeZone::UTC)[4..], ["never", "1", "none"]);
    }
}
