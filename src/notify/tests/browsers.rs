use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use serde_json::json;

use super::*;
use crate::notify::NoBrowser;
use crate::notify::seal::opening::Browser;
use crate::notify::{MAX_BROWSERS, MAX_OF_ONE};
use crate::store::{PushRow, StaffRow};

const PUSH: &str = "[[channels]]\nkind = \"push\"\ncontact = \"mailto:it@clinic.example\"\n\
                    allow = [\"127.0.0.0/8\"]\n";

fn row(name: &str, endpoint: String, browser: &Browser) -> PushRow {
    let id = Channels::browser_id(&endpoint);
    let (p256dh, auth) = (browser.p256dh, browser.auth);
    PushRow { id, name: name.to_owned(), endpoint, p256dh, auth, since: Millis(0) }
}

fn person(name: &str, role: &str, active: bool) -> Upsert {
    Upsert::Staff(StaffRow {
        name: name.to_owned(),
        initials: name[..2].to_uppercase(),
        role: role.to_owned(),
        password_hash: String::new(),
        pin_hash: None,
        active,
    })
}

#[tokio::test]
async fn a_browser_reads_what_its_maker_cannot_and_knows_who_sent_it() {
    let mut maker = Receiver::always(Answering::Status(201)).await;
    let house = House::with(PUSH).await;
    let browser = Browser::new();
    let sent = row("Karla Maier", format!("http://{}/send/k", maker.address), &browser);
    house.put(vec![person("Karla Maier", "nurse", true), Upsert::Push(sent)]).await;
    let left = told(&house.config, "s-a1", &[Step::Raised]);
    house.left(&left).await;
    let running = house.begin();
    let came = maker.next().await;
    assert_eq!(came.line, "POST /send/k HTTP/1.1");
    assert_eq!(came.header("content-encoding"), "aes128gcm");
    assert_eq!(came.header("urgency"), "high");
    assert_eq!(came.header("ttl"), "3600");
    assert_eq!(came.header("topic").len(), 32);
    let vapid = came.header("authorization").strip_prefix("vapid t=").unwrap();
    let (token, key) = vapid.split_once(", k=").unwrap();
    assert_eq!(key, house.channels.push_key().unwrap());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let decoded = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decoded(key))
        .verify(signed.as_bytes(), &decoded(signature))
        .unwrap();
    let text = String::from_utf8(browser.open(&came.body)).unwrap();
    let message: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(message["title"], "High priority, room 3");
    assert_eq!((&message["id"], &message["room"]), (&json!(left[0].id), &json!("3")));
    assert!(!text.contains("J.T.") && !text.contains("spo2"), "{text}");
    house.until_waiting(0).await;
    running.end().await;
}

#[tokio::test]
async fn a_thousand_browsers_that_are_gone_are_forgotten_and_keep_nobody_waiting() {
    let maker = Receiver::with(|request| {
        let is_here = request.line.contains("/here");
        Answering::Status(if is_here { 201 } else { 410 })
    })
    .await;
    let house = House::with(PUSH).await;
    let browser = Browser::new();
    let at = |path: String| format!("http://{}/{path}", maker.address);
    let mut views = vec![person("Karla Maier", "nurse", true)];
    let gone = (1..MAX_BROWSERS).map(|n| row("Karla Maier", at(format!("gone/{n}")), &browser));
    views.extend(gone.map(Upsert::Push));
    views.push(Upsert::Push(row("Karla Maier", at("here".to_owned()), &browser)));
    house.put(views).await;
    house.left(&told(&house.config, "s-a1", &[Step::Raised])).await;
    let running = house.begin();
    house.until_waiting(0).await;
    in_time(async {
        while house.store().push_subscriptions().await.unwrap().len() > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let shown = &house.channels.shown().channels[0];
    assert_eq!((shown.to.as_str(), shown.failing_since), ("1 browser", None));
    running.end().await;
}

#[tokio::test]
async fn one_browser_that_fails_is_told_again_and_the_others_are_not() {
    let tries = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = std::sync::Arc::clone(&tries);
    let mut maker = Receiver::with(move |request| {
        let fails = request.line.contains("/slow")
            && count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Answering::Status(if fails { 503 } else { 201 })
    })
    .await;
    let house = House::with(PUSH).await;
    let browser = Browser::new();
    let at = |path: &str| row("Karla Maier", format!("http://{}/{path}", maker.address), &browser);
    let (well, slow) = (Upsert::Push(at("well")), Upsert::Push(at("slow")));
    house.put(vec![person("Karla Maier", "nurse", true), well, slow]).await;
    house.left(&told(&house.config, "s-a1", &[Step::Raised])).await;
    let running = house.begin();
    maker.next().await;
    maker.next().await;
    let again = maker.next().await;
    assert!(again.line.contains("/slow"), "{}", again.line);
    house.until_waiting(0).await;
    assert!(maker.has_none());
    running.end().await;
}

#[tokio::test]
async fn who_may_not_sign_in_hears_nothing_and_a_prescriber_only_what_is_meant_for_them_too() {
    let mut maker = Receiver::always(Answering::Status(201)).await;
    let house = House::with(PUSH).await;
    let browser = Browser::new();
    let of =
        |name: &str| Upsert::Push(row(name, format!("http://{}/{name}", maker.address), &browser));
    house
        .put(vec![
            person("nurse", "nurse", true),
            person("gone", "nurse", false),
            person("doctor", "prescriber", true),
            of("nurse"),
            of("gone"),
            of("doctor"),
            of("unknown"),
        ])
        .await;
    let mut left = told(&house.config, "s-a1", &[Step::Raised, Step::Prescriber]);
    left[0].audience = Audience::First;
    left[1].audience = Audience::Prescriber;
    house.left(&left).await;
    let running = house.begin();
    assert!(maker.next().await.line.contains("/nurse"));
    let mut called = [maker.next().await.line, maker.next().await.line];
    called.sort();
    assert!(called[0].contains("/doctor") && called[1].contains("/nurse"), "{called:?}");
    house.until_waiting(0).await;
    assert!(maker.has_none());
    running.end().await;
}

#[tokio::test]
async fn a_message_for_one_nurse_goes_to_all_when_she_has_no_browser_any_more() {
    let mut maker = Receiver::with(|request| {
        Answering::Status(if request.line.contains("/km") { 410 } else { 201 })
    })
    .await;
    let house = House::with(PUSH).await;
    let browser = Browser::new();
    let of =
        |name: &str| Upsert::Push(row(name, format!("http://{}/{name}", maker.address), &browser));
    let mut all: Vec<_> = ["km", "tj", "no"].map(|name| person(name, "nurse", true)).into();
    all.extend(["km", "tj", "no"].map(of));
    house.put(all).await;
    let mut left = told(&house.config, "s-a1", &[Step::Raised, Step::SecondNurse, Step::Worse]);
    left[0].to = vec!["TJ".to_owned()];
    left[1].to = vec!["KM".to_owned(), "TJ".to_owned()];
    left[2].to = vec!["KM".to_owned()];
    house.left(&left).await;
    let running = house.begin();
    assert!(maker.next().await.line.contains("/tj"), "hers alone");
    let mut second = [maker.next().await.line, maker.next().await.line];
    second.sort();
    assert!(second[0].contains("/km") && second[1].contains("/tj"), "{second:?}");
    let mut rest = [maker.next().await.line, maker.next().await.line];
    rest.sort();
    assert!(rest[0].contains("/no") && rest[1].contains("/tj"), "KM's has ended: {rest:?}");
    house.until_waiting(0).await;
    assert!(maker.has_none());
    running.end().await;
}

#[tokio::test]
async fn a_browser_s_address_is_the_web_s_and_everybody_has_their_share_of_places() {
    let strict = PUSH.replace("allow = [\"127.0.0.0/8\"]\n", "");
    let house = House::with(&strict).await;
    let check = |endpoint: &str| house.channels.check_browser(endpoint, "me").unwrap();
    assert_eq!(check("https://fcm.googleapis.com/fcm/send/abc"), Ok(()));
    let long = format!("https://push.example/{}", "x".repeat(crate::notify::LONGEST_ENDPOINT));
    for bad in [
        "http://push.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://user:secret@push.example/",
        "file:///etc/passwd",
        "push",
        &long,
    ] {
        assert_eq!(check(bad), Err(NoBrowser::Endpoint), "{bad}");
    }
    let browser = Browser::new();
    let add = |name: &str, n: usize| {
        house.channels.add_browser(row(name, format!("https://push.example/{name}/{n}"), &browser))
    };
    let oldest = Channels::browser_id("https://push.example/me/0");
    (0..MAX_OF_ONE).for_each(|n| assert_eq!(add("me", n), [""; 0]));
    assert_eq!(add("me", MAX_OF_ONE), [oldest]);
    (MAX_OF_ONE..MAX_BROWSERS).for_each(|n| drop(add(&format!("p{n}"), n)));
    assert_eq!(check("https://push.example/new"), Ok(()), "one's own oldest gives way");
    let other = house.channels.check_browser("https://push.example/new", "another").unwrap();
    assert_eq!(other, Err(NoBrowser::Full));
}
