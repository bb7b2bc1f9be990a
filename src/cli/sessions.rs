use std::process::ExitCode;

use jiff::tz::TimeZone;
use serde_json::json;

use super::data::AnswerArgs;
use super::data_client::DataClient;
use super::say;
use crate::control::{ListSessions, SessionEntry, SessionPage};
use crate::vitals::Millis;

pub(super) async fn run(args: AnswerArgs) -> anyhow::Result<ExitCode> {
    let config = args.load()?;
    let mut client = DataClient::open(&config, false).await?;
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let SessionPage { sessions, next } = client.ask(ListSessions { after }).await?;
        all.extend(sessions);
        after = next;
        if after.is_none() {
            break;
        }
    }
    client.close().await?;
    if args.json {
        say::answer(format_args!("{}\n", json!({ "sessions": all })))?;
    } else if all.is_empty() {
        say::note("No session has been recorded yet.");
    } else {
        let zone = config.clinic.zone();
        let rows: Vec<_> = all.iter().map(|session| row(session, &zone)).collect();
        let head = ["SESSION", "ROOM", "CHECKED IN", "MINUTES", "PHASE", "PROFILE"];
        say::answer(say::table(head, &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(session: &SessionEntry, zone: &TimeZone) -> [String; 6] {
    let minutes = |ended: Millis| (ended.since(session.opened_at) / 60_000).to_string();
    [
        session.id.to_string(),
        session.room.to_string(),
        say::minute(session.opened_at, zone),
        session.ended_at.map_or("running".to_owned(), minutes),
        session.phase.clone(),
        session.profile.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::{RoomId, SessionId};

    #[test]
    fn a_session_is_one_row() {
        let mut session = SessionEntry {
            id: SessionId::new("s1").unwrap(),
            room: RoomId::new("3").unwrap(),
            profile: "ketamine-iv-adult".into(),
            phase: "discharged".into(),
            opened_at: Millis(1_763_726_400_000),
            started_at: None,
            ended_at: Some(Millis(1_763_730_000_000)),
        };
        let expected = ["s1", "3", "2025-11-21 12:00", "60", "discharged", "ketamine-iv-adult"];
        assert_eq!(row(&session, &TimeZone::UTC), expected);
        session.ended_at = None;
        assert_eq!(row(&session, &TimeZone::UTC)[3], "running");
    }
}
