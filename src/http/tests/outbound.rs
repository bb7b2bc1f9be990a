//! What was sent to the hospital's systems, as it is shown and sent again.

use super::*;

#[tokio::test]
async fn what_was_set_aside_is_shown_to_leads_and_only_that_can_be_sent_again() {
    use crate::config::{Fhir, Outbound, Protocol, When};
    use crate::store::OutboundChange;
    use crate::vitals::SessionId;
    let mut bench = Bench::new().await;
    let url = "https://fhir.example/r4".to_owned();
    let way = Protocol::Fhir(Fhir { url, token_file: None });
    let (name, when, timeout_s, ca_file) = ("Archive".to_owned(), When::Ended, 30, None);
    bench.state.outbound = [Outbound { name, way, when, timeout_s, ca_file }].into();
    let queued = |session: &str| OutboundChange::Queued {
        destination: "Archive".into(),
        session: SessionId::new(session).unwrap(),
        at: Millis(1_000),
    };
    let why = "refused (422): Patient unknown".to_owned();
    let changes = [
        queued("s-1"),
        OutboundChange::SetAside { n: 1, at: Millis(2_000), tries: 1, why },
        queued("s-2"),
    ];
    let (stored, told) = oneshot::channel();
    let changes = changes.into_iter().map(Upsert::Outbound).collect();
    bench.state.store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
    let shown = bench.ask("GET", "/api/v1/outbound", "a-lead", "").await.json();
    assert_eq!(
        shown,
        json!({"outbound": [{
            "name": "Archive", "kind": "fhir", "address": "https://fhir.example/r4",
            "waiting": 1, "waiting_since": 1_000, "arrived": 0, "last_arrived_at": null,
            "not_reached_since": null, "is_lost": false, "why": null, "set_aside_count": 1,
            "set_aside": [{"id": "1", "session": "s-1", "at": 2_000, "tries": 1,
                "why": "refused (422): Patient unknown", "is_correction": false}],
        }]})
    );
    let again = async |id: &str, token: &str| {
        let path = format!("/api/v1/outbound/{id}/again");
        bench.ask("POST", &path, token, "{}").await
    };
    for (token, status) in [("a-nurse", 403), ("a-display", 403)] {
        assert_eq!(bench.ask("GET", "/api/v1/outbound", token, "").await.status, status);
        assert_eq!(again("1", token).await.status, status);
    }
    assert_eq!(again("7", "a-lead").await.problem(), (404, "there is no message \"7\"".into()));
    assert_eq!(again("x", "a-lead").await.status, 404);
    assert_eq!(again("2", "an-admin").await.status, 409, "it waits already");
}
