use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::data::AnswerArgs;
use super::data_client::DataClient;
use super::say::{self, Usage};
use crate::alertlog::{Lines, LoggedAlert};
use crate::control::{LogPage, ReadAlertLog};
use crate::vitals::Millis;

/// The log of alerts: what each was, who took it and how soon, and what came of it.
#[derive(Args, Debug)]
pub(super) struct AlertsArgs {
    /// From this day on, as in 2026-11-23
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Up to this day, itself included
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// Print comma-separated values, for a spreadsheet
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    data: AnswerArgs,
}

pub(super) async fn run(args: AlertsArgs) -> anyhow::Result<ExitCode> {
    let config = args.data.load()?;
    let zone = config.clinic.zone();
    let from = args.from.map(|day| first_of(day, &zone)).transpose()?;
    let day_after = args.to.map(Date::tomorrow).transpose();
    let day_after = day_after.map_err(|_| Usage("--to is beyond the calendar".to_owned()))?;
    let before = day_after.map(|day| first_of(day, &zone)).transpose()?;
    let lines = Lines::of(zone.clone());
    let mut client = DataClient::open(&config, false).await?;
    let mut all = Vec::new();
    let mut after = None;
    if args.csv {
        say::answer(lines.head())?;
    }
    loop {
        let LogPage { alerts, next } = client.ask(ReadAlertLog { from, before, after }).await?;
        if args.csv {
            say::answer(lines.rows(&alerts))?;
        } else {
            all.extend(alerts);
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    client.close().await?;
    if args.csv {
        // It is written already.
    } else if args.data.json {
        say::answer(format_args!("{}\n", json!({ "alerts": all })))?;
    } else if all.is_empty() {
        say::note("No alert was raised in that time.");
    } else {
        let rows: Vec<_> = all.iter().map(|alert| row(alert, &zone)).collect();
        let head = ["RAISED", "ROOM", "PRIORITY", "CONDITION", "TAKEN BY", "AFTER S", "OUTCOME"];
        say::answer(say::table(head, &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Its first millisecond there.
fn first_of(day: Date, zone: &TimeZone) -> anyhow::Result<Millis> {
    let first = day.to_zoned(zone.clone());
    let first = first.map_err(|_| Usage(format!("{day} is beyond the calendar")))?;
    Ok(Millis(first.timestamp().as_millisecond()))
}

fn row(alert: &LoggedAlert, zone: &TimeZone) -> [String; 7] {
    let taken = alert.taken.as_ref();
    let dash = || "-".to_owned();
    [
        say::minute(alert.raised_at, zone),
        alert.room.as_ref().map_or_else(dash, ToString::to_string),
        alert.priority.name().to_owned(),
        alert.condition.clone(),
        taken.map_or_else(dash, |taken| taken.by.clone()),
        taken.map_or_else(dash, |taken| (taken.after_ms / 1_000).to_string()),
        alert.outcome.map_or_else(dash, |outcome| outcome.name().to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_where_the_clinics_clock_says() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day: Date = "2026-11-23".parse().unwrap();
        assert_eq!(first_of(day, &berlin).unwrap(), Millis(1_795_388_400_000));
        assert!(first_of(Date::MAX, &TimeZone::fixed(jiff::tz::offset(-12))).is_err());
    }
}
