//! The log as comma-separated values. UTF-8 with a header line, as RFC 4180 says. A cell that a
//! spreadsheet would take for a formula begins with an apostrophe.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::LoggedAlert;
use crate::report::{csv_cell, seconds};
use crate::vitals::{Decimal, Millis, RoomId, SessionId};

const COLUMNS: [&str; 23] = [
    "alert",
    "room",
    "session",
    "condition",
    "profile",
    "priority",
    "state",
    "raised_at",
    "raised_at_ms",
    "text",
    "value",
    "limit",
    "worst",
    "worst_at",
    "unit",
    "taken_by",
    "taken_after_s",
    "ended_at",
    "lasted_s",
    "silenced",
    "outcome",
    "outcome_by",
    "outcome_at",
];

/// Lines of the table, with times as the clinic's clock shows them.
#[derive(Clone, Debug)]
pub struct Lines {
    zone: TimeZone,
}

impl Lines {
    /// In this zone.
    #[must_use]
    pub const fn of(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// The header line.
    #[must_use]
    pub fn head(&self) -> String {
        written([COLUMNS.map(str::to_owned)])
    }

    /// A line for each of these.
    #[must_use]
    pub fn rows(&self, alerts: &[LoggedAlert]) -> String {
        written(alerts.iter().map(|alert| self.row(alert)))
    }

    fn row(&self, alert: &LoggedAlert) -> [String; COLUMNS.len()] {
        let number = |value: Option<Decimal>| value.map_or_else(String::new, |v| v.to_string());
        let time = |at: Option<Millis>| at.map_or_else(String::new, |at| self.iso(at));
        let taken = alert.taken.as_ref();
        let said = alert.outcome_said();
        [
            alert.id.clone(),
            alert.room.as_ref().map(RoomId::to_string).unwrap_or_default(),
            alert.session.as_ref().map(SessionId::to_string).unwrap_or_default(),
            alert.condition.clone(),
            alert.profile.clone().unwrap_or_default(),
            alert.priority.name().to_owned(),
            alert.state.name().to_owned(),
            self.iso(alert.raised_at),
            alert.raised_at.to_string(),
            alert.text.clone(),
            number(alert.value),
            number(alert.limit),
            number(alert.worst),
            time(alert.worst_at),
            alert.unit.clone().unwrap_or_default(),
            taken.map(|taken| taken.by.clone()).unwrap_or_default(),
            taken.map(|taken| seconds(taken.after_ms)).unwrap_or_default(),
            time(alert.ended_at),
            alert.lasted_ms.map(seconds).unwrap_or_default(),
            if alert.silenced { "yes" } else { "no" }.to_owned(),
            alert.outcome.map(|outcome| outcome.name().to_owned()).unwrap_or_default(),
            said.map(|said| said.by.clone()).unwrap_or_default(),
            time(said.map(|said| said.at)),
        ]
    }

    fn iso(&self, at: Millis) -> String {
        let time = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        time.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

fn written(rows: impl IntoIterator<Item = [String; COLUMNS.len()]>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // A vector accepts everything that is written.
        let written = writer.write_record(row.iter().map(|cell| csv_cell(cell)));
        debug_assert!(written.is_ok());
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alertlog::{FirstTaken, Said};
    use crate::room::{AlertState, Outcome};
    use crate::rules::Priority;

    fn alert() -> LoggedAlert {
        let said = |by: &str, at, outcome| Said { by: by.into(), at: Millis(at), outcome };
        LoggedAlert {
            id: "s1-a1".into(),
            room: RoomId::new("3").ok(),
            session: SessionId::new("s1").ok(),
            condition: "spo2_low".into(),
            profile: Some("ketamine-iv-adult@4".into()),
            priority: Priority::High,
            state: AlertState::Resolved,
            text: "SpO2 low 84, worst 82 (limit 89)".into(),
            value: Some(Decimal::whole(84)),
            limit: Some(Decimal::whole(89)),
            worst: Some(Decimal::whole(82)),
            worst_at: Some(Millis(1_763_726_410_000)),
            unit: Some("%".into()),
            raised_at: Millis(1_763_726_400_000),
            taken: Some(FirstTaken { by: "KM".into(), after_ms: 21_500 }),
            ended_at: Some(Millis(1_763_726_490_000)),
            lasted_ms: Some(90_000),
            silenced: true,
            outcome: Some(Outcome::SensorResited),
            said: vec![
                said("KM", 1_763_726_500_000, Some(Outcome::FalseAlert)),
                said("KM", 1_763_726_505_000, None),
                said("TJ", 1_763_726_508_000, Some(Outcome::SensorResited)),
            ],
        }
    }

    #[test]
    fn a_line_says_when_who_and_what_came_of_it_by_the_clinics_clock() {
        let lines = Lines::of(TimeZone::get("Europe/Berlin").unwrap());
        insta::assert_snapshot!((lines.head() + &lines.rows(&[alert()])).replace('\r', ""), @r#"
        alert,room,session,condition,profile,priority,state,raised_at,raised_at_ms,text,value,limit,worst,worst_at,unit,taken_by,taken_after_s,ended_at,lasted_s,silenced,outcome,outcome_by,outcome_at
        s1-a1,3,s1,spo2_low,ketamine-iv-adult@4,high,resolved,2025-11-21T13:00:00.000+01:00,1763726400000,"SpO2 low 84, worst 82 (limit 89)",84,89,82,2025-11-21T13:00:10.000+01:00,%,KM,21.500,2025-11-21T13:01:30.000+01:00,90,yes,sensor_resited,TJ,2025-11-21T13:01:48.000+01:00
        "#);
    }

    #[test]
    fn no_cell_is_a_formula_and_quotes_and_lines_stay_in_their_cell() {
        let bad = LoggedAlert {
            text: "=cmd|' /C calc'!A0".into(),
            profile: Some("a \"b\",\nc".into()),
            taken: Some(FirstTaken { by: "+SUM(A1)".into(), after_ms: 0 }),
            ..alert()
        };
        let lines = Lines::of(TimeZone::UTC);
        let text = lines.head() + &lines.rows(std::slice::from_ref(&bad));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        let head = reader.headers().unwrap().clone();
        let cell = |name: &str| &row[head.iter().position(|column| column == name).unwrap()];
        assert_eq!(cell("text"), "'=cmd|' /C calc'!A0");
        assert_eq!(cell("taken_by"), "'+SUM(A1)");
        assert_eq!(Some(cell("profile")), bad.profile.as_deref());
        assert_eq!(cell("taken_after_s"), "0");
    }

    #[test]
    fn what_was_taken_back_is_nobodys_outcome() {
        let mut taken_back = alert();
        taken_back.outcome = None;
        taken_back.said.truncate(2);
        assert_eq!(taken_back.outcome_said(), None);
        let mut of_before = alert();
        of_before.said.clear();
        assert_eq!(of_before.outcome_said(), None, "nobody knows who said it");
        assert_eq!(alert().outcome_said().unwrap().by, "TJ");
    }
}
