use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::contract::View;
use crate::vitals::Vital;

fn frame(room: &str, rev: u64, class: Class, size: usize) -> Frame {
    let json = format!("{room}:{rev}:{}", "x".repeat(size));
    Frame { rev: Some(rev), room: Some(room.into()), class, json: json.into() }
}

#[test]
fn a_ring_gives_what_was_missed_or_says_that_it_cannot() {
    let mut ring = Ring::default();
    for rev in 1..=1_000 {
        ring.push(numbers(Vital::Spo2), Text::Alike(rev.to_string().into()));
    }
    let after = |rev| ring.after(rev, 1_000, (&"3".into(), View::Staff)).map(Vec::from_iter);
    let missed = after(997).unwrap();
    let missed: Vec<_> = missed.iter().map(|f| (f.rev, f.room.as_deref(), &*f.json)).collect();
    let expected = [(998, "998"), (999, "999"), (1_000, "1000")];
    assert_eq!(missed, expected.map(|(rev, json)| (Some(rev), Some("3"), json)));
    assert_eq!(after(1_000).unwrap().len(), 0);
    assert!(after(100).is_none());
    assert!(after(1_001).is_none(), "a rev of another run");
}

#[test]
fn what_was_missed_is_what_the_view_would_have_been_sent() {
    let mut ring = Ring::default();
    ring.push(Class::Kept, Text::Apart { staff: "J.T.".into(), display: "-".into() });
    let missed = |view| {
        let room = "3".into();
        let frames = ring.after(0, 1, (&room, view)).unwrap();
        frames.map(|frame| frame.json.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        (missed(View::Staff), missed(View::Display)),
        (vec!["J.T.".into()], vec!["-".into()])
    );
}

#[test]
fn a_ring_keeps_so_many_frames_and_so_many_bytes() {
    let frames = |count: u64, text: &Text| {
        let mut ring = Ring::default();
        (0..count).for_each(|_| ring.push(Class::Kept, text.clone()));
        ring
    };
    let after = |ring: &Ring, rev, current| {
        ring.after(rev, current, (&"3".into(), View::Staff)).map(Iterator::count)
    };
    let of = |bytes| Text::Alike("x".repeat(bytes).into());
    let most = RING_FRAMES as u64;
    assert_eq!(after(&frames(most, &of(1)), 0, most), Some(RING_FRAMES));
    let cut = frames(most + 1, &of(1));
    assert_eq!(after(&cut, 0, most + 1), None, "it gets a snapshot");
    assert_eq!(after(&cut, 1, most + 1), Some(RING_FRAMES));
    assert_eq!(after(&frames(4, &of(RING_BYTES / 4)), 0, 4), Some(4));
    let large = "x".repeat(RING_BYTES / 4 + 1);
    for text in [
        Text::Alike(large.as_str().into()),
        Text::Apart { staff: large.as_str().into(), display: "".into() },
        Text::Apart { staff: "".into(), display: large.as_str().into() },
    ] {
        let cut = frames(4, &text);
        assert_eq!(after(&cut, 0, 4), None, "it gets a snapshot");
        assert_eq!(after(&cut, 1, 4), Some(3));
    }
}

fn numbers(vital: Vital) -> Class {
    Class::Vitals(VitalSet::default().with(vital))
}

/// The first 60 letters of all that waits.
async fn heads(mailbox: &Mailbox) -> Vec<String> {
    let text = mailbox.take(usize::MAX).await.unwrap();
    text.lines().map(|line| line.chars().take(60).collect()).collect()
}

#[tokio::test]
async fn a_slow_screen_gets_every_alert_and_the_newest_numbers_and_is_told_the_gap() {
    let mailbox = Mailbox::default();
    for rev in 1..=30 {
        let class = if rev == 5 { Class::Kept } else { numbers(Vital::Spo2) };
        mailbox.put(frame("3", rev, class, 100_000));
    }
    let got: Vec<String> = heads(&mailbox).await.iter().map(|line| line.replace('x', "")).collect();
    let skipped = |from: u64, to: u64| {
        format!(r#"{{"type":"skipped","room":"3","from_rev":{from},"to_rev":{to}}}"#)
    };
    // It looks again when twice as much waits.
    assert_eq!(got, [&*skipped(1, 4), "3:5:", &*skipped(6, 28), "3:29:", "3:30:"]);
}

#[tokio::test]
async fn the_newest_frame_of_each_vital_of_each_room_is_never_left_out() {
    let mailbox = Mailbox::default();
    let both = Class::Vitals(VitalSet::default().with(Vital::Spo2).with(Vital::Temp));
    for room in ["3", "4"] {
        mailbox.put(frame(room, 1, numbers(Vital::Nibp), 10));
        mailbox.put(frame(room, 2, numbers(Vital::Nibp), 10));
        mailbox.put(frame(room, 3, both.clone(), 10));
    }
    for rev in 4..=2_000 {
        mailbox.put(frame("3", rev, numbers(Vital::Spo2), 100));
        mailbox.put(frame("4", rev, numbers(Vital::PulseRate), 100));
    }
    let got = heads(&mailbox).await;
    for (room, newest) in [("3", vec![2, 3, 2_000]), ("4", vec![2, 3, 2_000])] {
        let of_room = |rev: i32| got.iter().any(|line| line.starts_with(&format!("{room}:{rev}:")));
        assert!(newest.iter().all(|rev| of_room(*rev)), "{room}: {got:?}");
        assert!(!of_room(1), "{room}: a newer pressure waits");
    }
    assert!(got.len() < 700, "the others are left out: {}", got.len());
}

/// What a screen does with revs (`model.ts`), over any mix of frames.
#[tokio::test]
async fn revs_follow_each_other_whatever_is_left_out() {
    for seed in 0..200_u64 {
        let mailbox = Mailbox::default();
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut known = HashMap::from([("3", 0), ("4", 0)]);
        let mut sent = known.clone();
        let mut newest: HashMap<(&str, usize), u64> = HashMap::new();
        let mut shown = newest.clone();
        for step in 0..400 {
            let room = if draw(2) == 0 { "3" } else { "4" };
            let rev = sent[room] + 1;
            sent.insert(room, rev);
            let vital = Vital::ALL[draw(4) as usize];
            let (class, about) = match draw(9) {
                0 => (Class::Kept, rev as usize + 1_000),
                1 => (Class::Whole(Subject::Session), 100),
                2 => {
                    let alert = draw(3) as usize;
                    let id: Arc<str> = format!("{room}-a{alert}").into();
                    (Class::Whole(Subject::Alert(id)), 200 + alert)
                }
                _ => (numbers(vital), vital as usize),
            };
            newest.insert((room, about), rev);
            let json = format!("{room} {rev} {about} {}", "x".repeat(4_000));
            mailbox.put(Frame {
                rev: Some(rev),
                room: Some(room.into()),
                class,
                json: json.into(),
            });
            if draw(40) == 0 || step == 399 {
                for line in mailbox.take(usize::MAX).await.unwrap().lines() {
                    if line.starts_with('{') {
                        let skipped: serde_json::Value = serde_json::from_str(line).unwrap();
                        let room = if skipped["room"] == "3" { "3" } else { "4" };
                        assert_eq!(skipped["from_rev"], known[room] + 1, "seed {seed}");
                        known.insert(room, skipped["to_rev"].as_u64().unwrap());
                        continue;
                    }
                    let words: Vec<&str> = line.split(' ').collect();
                    let room = if words[0] == "3" { "3" } else { "4" };
                    let rev: u64 = words[1].parse().unwrap();
                    assert_eq!(rev, known[room] + 1, "seed {seed}");
                    known.insert(room, rev);
                    shown.insert((room, words[2].parse().unwrap()), rev);
                }
            }
        }
        assert_eq!(known, sent, "seed {seed}");
        for (which, rev) in newest {
            assert!(shown.get(&which).is_some_and(|shown| *shown >= rev), "seed {seed}: {which:?}");
        }
    }
}

/// Two hundred rooms, of which each says more in five seconds than may wait.
#[tokio::test]
async fn a_screen_that_reads_nothing_for_a_while_gets_the_newest_of_everything_and_stays() {
    let mailbox = Mailbox::default();
    let rooms: Vec<String> = (0..200).map(|room| room.to_string()).collect();
    let alert = |room: &str, n: u64| Class::Whole(Subject::Alert(format!("{room}-a{n}").into()));
    let mut rev = 0;
    for _ in 0..20 {
        for room in &rooms {
            for (class, bytes) in [
                (numbers(Vital::Spo2), 300),
                (Class::Whole(Subject::Session), 2_500),
                (alert(room, 1), 700),
            ] {
                rev += 1;
                mailbox.put(frame(room, rev, class, bytes));
            }
        }
    }
    mailbox.put(frame("7", rev + 1, alert("7", 2), 700));
    let got = heads(&mailbox).await;
    for (n, room) in rooms.iter().enumerate() {
        let last = rev - 3 * (200 - n as u64);
        let has = |rev: u64| got.iter().any(|line| line.starts_with(&format!("{room}:{rev}:")));
        assert!((last + 1..=last + 3).all(has), "{room}: the newest of each");
    }
    assert!(got.last().unwrap().starts_with(&format!("7:{}:", rev + 1)), "every alert");
    mailbox.put(frame("7", rev + 2, numbers(Vital::Spo2), 300));
    assert_eq!(heads(&mailbox).await.len(), 1, "it goes on");
}

/// A screen that reads less than comes in, while the alert changes all the time: what is said of it
/// anew comes behind all that waits, and must not take the alert there each time.
#[tokio::test]
async fn an_alert_that_changes_again_and_again_still_reaches_a_slow_screen() {
    let mailbox = Mailbox::default();
    let alert = |n: u64| Class::Whole(Subject::Alert(format!("7-a{n}").into()));
    let (mut rev, mut told) = (0, Vec::new());
    for second in 0..60 {
        for room in 0..200 {
            rev += 1;
            mailbox.put(frame(&room.to_string(), rev, numbers(Vital::Spo2), 1_000));
            if room % 10 == 0 {
                rev += 1;
                mailbox.put(frame("7", rev, alert(1), 700));
            }
        }
        // A tenth of what came in.
        let read = mailbox.take(20_000).await.unwrap();
        let alerts = read.lines().filter(|line| line.starts_with("7:") && line.len() < 800);
        told.extend(alerts.map(|_| second));
    }
    assert!(told.first().is_some_and(|second| *second <= 12), "{told:?}");
    assert!(told.len() >= 3, "and what became of it: {told:?}");
}

#[tokio::test]
async fn one_heartbeat_waits_and_it_is_the_newest() {
    let mailbox = Mailbox::default();
    for beat in 1..=3_000 {
        let json = format!("beat {beat} {}", "x".repeat(90));
        mailbox.put(Frame { rev: None, room: None, class: Class::Heartbeat, json: json.into() });
    }
    let got = heads(&mailbox).await;
    assert!(got.last().unwrap().starts_with("beat 3000 "));
    assert!(got.len() < 800, "{}", got.len());
}

#[tokio::test]
async fn a_snapshot_of_any_size_reaches_its_screen_and_stands_for_all_before_it() {
    let mailbox = Mailbox::default();
    mailbox.put(frame("3", 1, Class::Kept, 10));
    let pong = Frame { rev: None, room: None, class: Class::Kept, json: "pong".into() };
    mailbox.put(pong);
    mailbox.put(frame("ward", 2, Class::Snapshot, 5 * MAILBOX_BYTES));
    mailbox.put(frame("3", 3, Class::Kept, 10));
    assert_eq!(mailbox.take(1_000).await.unwrap(), "pong", "no snapshot answers a ping");
    let text = mailbox.take(1_000).await.unwrap();
    assert!(text.starts_with("ward:2"));
    assert!(mailbox.take(1_000).await.unwrap().starts_with("3:3"));
}

/// Or a rev would come twice, and `skipped` name one that is still to come.
#[tokio::test]
async fn what_was_missed_takes_the_place_of_what_waits() {
    let mailbox = Mailbox::default();
    let missed = |rev| frame("3", rev, numbers(Vital::Nibp), 40_000);
    (5..=6).for_each(|rev| mailbox.put(missed(rev)));
    let word = Frame { rev: None, room: None, class: Class::Resumed, json: "resumed".into() };
    mailbox.put(word);
    (4..=6).for_each(|rev| mailbox.put(missed(rev)));
    let got: Vec<String> = heads(&mailbox).await.iter().map(|line| line.replace('x', "")).collect();
    assert_eq!(
        got,
        ["resumed", r#"{"type":"skipped","room":"3","from_rev":4,"to_rev":4}"#, "3:5:", "3:6:"]
    );
}

#[tokio::test]
async fn memory_for_one_screen_is_bounded_even_by_alerts() {
    let mailbox = Mailbox::default();
    for rev in 1..=200 {
        mailbox.put(frame("3", rev, Class::Kept, 10_000));
    }
    assert!(mailbox.take(1_000).await.is_none(), "closed, to ask again");
}
