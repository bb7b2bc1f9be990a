//! Somebody guesses a colleague's password beside her, against the real server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::app::{Answered, App, send, text};

/// A deadline for what comes by itself, however slow the machine is.
const SOON: Duration = Duration::from_secs(60);
/// As one who tries about twice a second: each waits for its answer, at most four seconds.
const GUESSERS: usize = 8;

/// Signs in with a browser that has this cookie, or none yet.
async fn sign_in(url: String, name: &str, password: &str, cookie: Option<&str>) -> Answered {
    let request =
        reqwest::Client::new().post(url).json(&json!({"name": name, "password": password}));
    let request = match cookie {
        Some(cookie) => request.header("Cookie", cookie),
        None => request,
    };
    send(request).await
}

fn signed_in(answer: &Answered) -> (String, Value) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    (answer.cookie().unwrap(), answer.json())
}

/// Guesses until it is dropped.
struct Guessers {
    stop: Arc<AtomicBool>,
    judged: Arc<AtomicU32>,
}

impl Guessers {
    fn at(url: &str, name: impl Fn(usize) -> String) -> Self {
        let guessers = Self { stop: Arc::default(), judged: Arc::default() };
        for n in 0..GUESSERS {
            let (url, name) = (url.to_owned(), name(n));
            let (stop, judged) = (guessers.stop.clone(), guessers.judged.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let answer = sign_in(url.clone(), &name, "a guess at it", None).await;
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
                    judged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        guessers
    }

    async fn have_tried(&self, times: u32) {
        let trying = async {
            while self.judged.load(Ordering::Relaxed) < times {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, trying).await.unwrap();
    }
}

impl Drop for Guessers {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_who_guesses_does_not_keep_her_out_and_she_sees_it_also_after_a_restart() {
    let mut app = App::start().await;
    app.add_staff("Karla Maier", "nurse", "correct horse");
    let url = app.url("/api/v1/login");
    let right = async |cookie: Option<String>| {
        sign_in(url.clone(), "Karla Maier", "correct horse", cookie.as_deref()).await
    };
    let (mine, me) = signed_in(&right(None).await);
    assert_eq!(me["wrong_tries"]["count"], 0);

    let guessers = Guessers::at(&url, |_| "Karla Maier".to_owned());
    guessers.have_tried(12).await;
    let (mine, _) = signed_in(&right(Some(mine)).await);
    for _ in 0..2 {
        // From a browser that is new to her: late, never refused.
        signed_in(&right(None).await);
    }
    drop(guessers);

    let wrong = sign_in(url.clone(), "Karla Maier", "a guess at it", None).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.terminate(), Some(0));
    app.run().await;
    let url = app.url("/api/v1/login");
    let again = sign_in(url, "Karla Maier", "correct horse", Some(&mine)).await;
    let (_, me) = signed_in(&again);
    assert!(me["wrong_tries"]["count"].as_u64().unwrap() >= 1, "{me}");
    assert!(me["wrong_tries"]["where"].to_string().contains("127.0.0.1"), "{me}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_up_names_from_one_address_keep_nobody_behind_it_out() {
    let app = App::start().await;
    app.add_staff("Karla Maier", "nurse", "correct horse");
    let url = app.url("/api/v1/login");
    for n in 0..25 {
        let answer = sign_in(url.clone(), &format!("made up {n}"), "a guess at it", None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let guessers = Guessers::at(&url, |n| format!("nobody {n}"));
    guessers.have_tried(8).await;
    signed_in(&sign_in(url.clone(), "Karla Maier", "correct horse", None).await);
}

#[tokio::test]
async fn weak_passwords_and_pins_are_refused_with_what_to_choose_instead() {
    let app = App::start().await;
    let add = |password: &str, pin: &str| {
        let args =
            ["staff", "add", "Karla Maier", "--role", "nurse", "--password-stdin", "--pin-stdin"];
        let output = app.command(&args, &format!("{password}\n{pin}\n"));
        (output.status.code(), text(&output.stderr).to_string())
    };
    for (password, pin, why) in [
        ("short one", "4711", "at least 10 characters"),
        ("Password123", "4711", "first that a guesser tries"),
        ("karla maier 1", "4711", "derived from the name"),
        ("correct horse", "123", "a PIN has 4 to 6 digits"),
    ] {
        let (code, said) = add(password, pin);
        assert_eq!(code, Some(1), "{password} {pin}");
        assert!(said.contains(why), "{password} {pin}: {said}");
    }
    let (code, said) = add("correct horse", "1234");
    assert_eq!(code, Some(0));
    assert!(said.contains("this PIN is one of the first that a guesser tries"), "{said}");
}
