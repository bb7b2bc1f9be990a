//! Past sessions are searched.

use super::*;
use crate::vitals::CourseId;

fn of_patient(id: &str, opened_at: i64, patient: &str) -> SessionRow {
    SessionRow { json: format!(r#"{{"patient":{patient}}}"#), ..session(id, "3", opened_at) }
}

fn searched(text: &str) -> SessionFilter {
    SessionFilter { initials: Initials::searched(text), ..SessionFilter::default() }
}

#[tokio::test]
async fn sessions_are_found_by_initials_and_course_on_disk_and_in_the_rooms() {
    let bench = Bench::new().await;
    let rows = [
        of_patient("s1", 10, r#"{"initials":"J.T.","course":"c1"}"#),
        of_patient("s2", 20, r#"{"initials":"j t"}"#),
        of_patient("s3", 30, r#"{"initials":"J.","course":"c1"}"#),
        of_patient("s4", 40, r#"{"initials":"Ö.Å."}"#),
        SessionRow { json: "damaged".into(), ..session("s5", "3", 50) },
    ];
    bench.put(rows.iter().cloned().map(Upsert::Session).collect()).await;
    let found = async |filter: SessionFilter| {
        let stored = bench.store.sessions(&filter, 10).await.unwrap();
        let nothing: Page<SessionRow> = Page { rows: Vec::new(), next: None };
        let known = nothing.brought_up_to_date(rows.to_vec(), &filter, 10);
        assert_eq!(stored, known, "the rooms find what the disk finds");
        known.rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(searched("J.T.")).await, "s2 s1");
    assert_eq!(found(searched(" jT")).await, "s2 s1");
    assert_eq!(found(searched("J")).await, "s3", "all of them, not their beginning");
    assert_eq!(found(searched("ÖÅ")).await, "s4");
    assert_eq!(found(searched("%")).await, "");
    assert_eq!(found(searched(" . ")).await, "s5 s4 s3 s2 s1", "there is nothing to search for");
    let course = Some(CourseId::new("c1").unwrap());
    assert_eq!(found(SessionFilter { course: course.clone(), ..searched("") }).await, "s3 s1");
    assert_eq!(found(SessionFilter { course, ..searched("JT") }).await, "s1");
}

#[tokio::test]
async fn however_many_sessions_there_are_a_search_reads_those_it_shows() {
    let bench = Bench::new().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(bench.folder.path().join("dripwatch.db"));
    let mut connection =
        <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
    let any =
        SessionFilter { from: Some(Millis(1)), to: Some(Millis(9)), ..SessionFilter::default() };
    let course = Some(CourseId::new("c1").unwrap());
    for (filter, index) in [
        (any.clone(), "sessions_by_time"),
        (SessionFilter { room: Some(room("3")), ..any.clone() }, "sessions_by_room"),
        (
            SessionFilter { initials: Initials::searched("JT"), ..any.clone() },
            "sessions_by_initials",
        ),
        (SessionFilter { course, ..any.clone() }, "sessions_by_course"),
    ] {
        let list = filter.list(25);
        let plan = format!("EXPLAIN QUERY PLAN {}", list.query.sql().as_str());
        let steps: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(plan)).fetch_all(&mut connection).await.unwrap();
        let steps: Vec<_> = steps.into_iter().map(|(.., step)| step).collect();
        // No second step: what is found is not sorted again.
        let [step] = &steps[..] else { panic!("{steps:?}") };
        assert!(step.contains(index), "{step}");
    }
}
