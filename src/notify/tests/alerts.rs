//! A channel that is down is an alert of the ward's own.

use super::*;
use crate::store::AlertFilter;
use crate::ward::ListAlerts;

async fn open_texts(house: &House) -> Vec<String> {
    let filter = AlertFilter { of_the_ward: true, ..AlertFilter::default() };
    let rows = house.ward.ask(ListAlerts { filter }).await.unwrap();
    let open = rows.iter().filter(|row| row.state == AlertState::Active);
    let read = |row: &crate::store::AlertRow| {
        let json: serde_json::Value = serde_json::from_str(&row.json).unwrap();
        assert_eq!(
            (json["condition"].as_str(), json["priority"].as_str()),
            (Some("channel_down"), Some("medium"))
        );
        json["text"].as_str().unwrap().to_owned()
    };
    open.map(read).collect()
}

async fn until(house: &House, is_so: impl Fn(&[String]) -> bool) -> Vec<String> {
    in_time(async {
        loop {
            let texts = open_texts(house).await;
            if is_so(&texts) {
                return texts;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

#[tokio::test]
async fn five_failures_running_are_an_alert_with_the_channel_s_name_until_it_works() {
    let is_up = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let up = std::sync::Arc::clone(&is_up);
    let pager = Receiver::with(move |_| {
        let is_up = up.load(std::sync::atomic::Ordering::SeqCst);
        Answering::Status(if is_up { 200 } else { 500 })
    })
    .await;
    let config = format!(
        "[[channels]]\nkind = \"webhook\"\nid = \"night-pager\"\nurl = {:?}\n",
        pager.url()
    );
    let house = House::with(&config).await;
    let running = house.begin();
    for _ in 0..crate::notice::MOST_FAILURES {
        assert!(!house.channels.test("night-pager").await.unwrap().delivered);
    }
    let texts = until(&house, |texts| !texts.is_empty()).await;
    assert!(texts[0].contains("night-pager"), "{texts:?}");
    is_up.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(house.channels.test("night-pager").await.unwrap().delivered);
    until(&house, |texts| texts.is_empty()).await;
    running.end().await;
}

#[tokio::test]
async fn a_sign_of_life_is_given_while_the_alarm_path_is_proved_and_not_without() {
    let mut watch = Receiver::always(Answering::Status(200)).await;
    let config = format!(
        "[[channels]]\nkind = \"ping\"\nurl = {:?}\nevery_s = 10\n",
        format!("http://{}/ping/1a2b", watch.address)
    );
    let house = House::with(&config).await;
    // A probe has to have gone through all rooms once.
    in_time(async {
        while house.ward.ask(crate::ward::AlarmPathAge).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let running = house.begin();
    assert_eq!(watch.next().await.line, "GET /ping/1a2b HTTP/1.1");
    // The ward ends: nobody proves anything, and the watch has to miss us.
    house.ward.stop().await;
    crate::clock::pass(Duration::from_secs(10)).await;
    running.end().await;
    assert!(watch.has_none());
    assert_eq!(house.channels.shown().channels[0].failing_since, None);
    assert!(house.clock.now() > Millis(0));
}
