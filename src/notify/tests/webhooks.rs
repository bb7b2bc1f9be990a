use serde_json::json;

use super::*;
use crate::clock::pass;

fn webhook(id: &str, url: &str, more: &str) -> String {
    format!("[[channels]]\nkind = \"webhook\"\nid = {id:?}\nurl = {url:?}\n{more}\n")
}

#[tokio::test]
async fn a_message_is_signed_known_by_its_id_and_says_what_the_contract_says() {
    let mut pager = Receiver::always(Answering::Status(204)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let secret = file("hook.key", "Jefe\n");
    let token = file("hook.token", "t0ken\n");
    let more = format!("secret_file = {secret:?}\ntoken_file = {token:?}");
    let house = House::with(&webhook("pager", &pager.url(), &more)).await;
    let left = told(&house.config, "s-a1", &[Step::Raised]);
    house.left(&left).await;
    let running = house.begin();
    let came = pager.next().await;
    assert_eq!(came.line, "POST /hook HTTP/1.1");
    assert_eq!(
        came.json(),
        json!({"id": left[0].id, "at": 1_763_726_400_001_i64, "room": "3", "priority": "high",
            "state": "active", "alert": "s-a1", "condition": "spo2_low", "step": "raised"})
    );
    assert_eq!(came.header("idempotency-key"), left[0].id);
    assert_eq!(came.header("authorization"), "Bearer t0ken");
    assert_eq!(came.header("content-type"), "application/json");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"Jefe");
    let tag = ring::hmac::sign(&key, &came.body);
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(came.header("x-dripwatch-signature"), format!("sha256={digits}"));
    house.until_waiting(0).await;
    running.end().await;
    let shown = &house.channels.shown().channels[0];
    assert!(shown.last_delivered.is_some() && shown.waiting == 0, "{shown:?}");
}

#[tokio::test]
async fn nobody_is_followed_elsewhere_and_every_refusal_says_what_to_do() {
    let mut inside = Receiver::always(Answering::Status(200)).await;
    let sent_on = Receiver::always(Answering::Redirect(inside.url())).await;
    for (answering, why) in [
        (Answering::Status(500), "has failed (500)."),
        (Answering::Status(403), "does not let us in (403)."),
        (Answering::Status(404), "does not know this address (404)."),
        (Answering::Status(400), "does not understand the message (400)."),
        (Answering::Status(429), "has had too many messages (429)."),
    ] {
        let receiver = Receiver::always(answering).await;
        let house = House::with(&webhook("pager", &receiver.url(), "")).await;
        let tested = house.channels.test("pager").await.unwrap();
        assert!(!tested.delivered);
        assert_eq!(tested.why.unwrap(), format!("127.0.0.1 {why}"));
        assert!(tested.remedy.is_some());
    }
    let house = House::with(&webhook("pager", &sent_on.url(), "")).await;
    let tested = house.channels.test("pager").await.unwrap();
    assert_eq!(tested.why.unwrap(), "127.0.0.1 sends us elsewhere (302), where nobody goes.");
    assert!(inside.has_none());
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    let house = House::with(&webhook("pager", &gone, "")).await;
    let tested = house.channels.test("pager").await.unwrap();
    assert!(tested.why.unwrap().starts_with("127.0.0.1 cannot be reached ("));
    assert!(house.channels.test("another").await.is_none());
}

#[tokio::test]
async fn a_name_that_leads_into_the_house_is_refused_unless_its_range_is_named() {
    use crate::notify::web::Reach;
    let url = |text: &str| url::Url::parse(text).unwrap();
    let ranges = ["10.20.0.0/16".parse().unwrap()];
    let inside = "10.20.0.5".parse().unwrap();
    let outside = "1.1.1.1".parse().unwrap();
    let name = url("https://pager.example/");
    assert!(Reach::Configured(&[]).has(&name, outside));
    assert!(!Reach::Configured(&[]).has(&name, inside));
    assert!(Reach::Configured(&ranges).has(&name, inside));
    assert!(Reach::Configured(&[]).has(&url("http://10.20.0.5/"), inside));
    // What somebody gave us, such as a browser's address, says nothing for itself.
    assert!(!Reach::Given(&[]).has(&url("http://10.20.0.5/"), inside));
    assert!(Reach::Given(&ranges).has(&url("http://10.20.0.5/"), inside));
}

#[tokio::test]
async fn a_channel_that_hangs_delays_no_other() {
    let mut stuck = Receiver::always(Answering::Never).await;
    let mut pager = Receiver::always(Answering::Status(200)).await;
    let channels = webhook("stuck", &stuck.url(), "") + &webhook("pager", &pager.url(), "");
    let house = House::with(&channels).await;
    let left = told(&house.config, "s-a1", &[Step::Raised, Step::Worse, Step::Resolved]);
    house.left(&left).await;
    let running = house.begin();
    stuck.next().await;
    for step in ["raised", "worse", "resolved"] {
        assert_eq!(pager.next().await.json()["step"], step);
    }
    house.until_waiting(3).await;
    assert!(stuck.has_none(), "of one alert nothing overtakes what came before it");
    running.end().await;
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_has_failed_in_its_time() {
    let mut stuck = Receiver::always(Answering::Never).await;
    let house = House::with(&webhook("stuck", &stuck.url(), "")).await;
    let channels = house.channels.clone();
    let testing = tokio::spawn(async move { channels.test("stuck").await.unwrap() });
    stuck.next().await;
    pass(Duration::from_secs(7)).await;
    let tested = in_time(testing).await.unwrap();
    assert_eq!(tested.why.unwrap(), "Nothing was answered within 6 s.");
    assert!(house.channels.shown().channels[0].failing_since.is_some());
}

#[tokio::test]
async fn what_fails_is_tried_again_under_the_same_id_and_then_it_is_over() {
    let tries = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = std::sync::Arc::clone(&tries);
    let mut pager = Receiver::with(move |_| {
        let try_ = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Answering::Status(if try_ < 2 { 500 } else { 200 })
    })
    .await;
    let house = House::with(&webhook("pager", &pager.url(), "")).await;
    house.left(&told(&house.config, "s-a1", &[Step::Raised])).await;
    let running = house.begin();
    let first = pager.next().await.json();
    // The second is due a second after the first failed, the third two seconds later.
    for _ in 0..2 {
        house.until_failing().await;
        pass(Duration::from_secs(3)).await;
        assert_eq!(pager.next().await.json(), first);
    }
    house.until_waiting(0).await;
    assert_eq!(house.channels.shown().channels[0].failing_since, None);
    running.end().await;
}

#[tokio::test]
async fn a_channel_that_is_not_configured_any_more_leaves_nothing_waiting() {
    let mut pager = Receiver::always(Answering::Status(200)).await;
    let before = config::read_text(&webhook("before", &pager.url(), "")).unwrap().channels;
    let house = House::with(&webhook("pager", &pager.url(), "")).await;
    house.left(&told(&before, "s-a1", &[Step::Raised])).await;
    let running = house.begin();
    house.until_waiting(0).await;
    running.end().await;
    assert!(pager.has_none());
}

impl House {
    /// Waits until the one channel has failed and nothing of it is on its way.
    async fn until_failing(&self) {
        in_time(async {
            let is_resting = || {
                let channel = &self.channels.all[0];
                channel.shown().failing_since.is_some() && channel.next_at().is_some()
            };
            while !is_resting() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }
}
