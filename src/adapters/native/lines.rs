//! Lines of JSON become frames for the ward.

use std::net::IpAddr;

use serde_json::Value as Json;
use tokio::sync::oneshot;

use super::ADAPTER;
use super::answers::rejected;
use crate::adapters::{Copies, Delivery, Identity, NotUnderstood, Unusable};
use crate::record::FrameKey;
use crate::vitals::wire::{Parsed, Refused, WireProblem};
use crate::vitals::{DeviceId, Frame, Source, Vital};

/// The most lines of one message.
pub const MAX_LINES: usize = 1_024;
/// A frame that comes again within this time is the same frame.
const SAME_WITHIN_MS: i64 = 600_000;
/// The same, over HTTP from a sender that names no boot (design.md#the-same-reading).
const SAME_WITHIN_OF_HTTP_MS: i64 = 60_000;

/// Unknown vitals that are reported for one frame.
const MAX_UNKNOWN: usize = 32;

/// The run that is assumed for a sender that names no `boot`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Each socket is a run. Its text is unique, also across restarts of the server.
    Socket(String),
    /// All requests of the last minute are one run.
    Http,
}

/// A line of a device, as it was read.
#[derive(Debug)]
pub enum Ingested {
    /// It holds something usable.
    Usable(Box<Usable>),
    /// It does not; this is the answer. If it has impossible values or unknown vitals, there is
    /// also something for the ward.
    Rejected(String, Option<Box<Unusable>>),
}

/// A frame for the ward.
#[derive(Debug)]
pub struct Usable {
    /// Its number.
    pub seq: u64,
    /// The frame.
    pub frame: Frame,
    /// What was refused of it.
    pub problems: Vec<WireProblem>,
    not_understood: Vec<NotUnderstood>,
    key: FrameKey,
    same_within_ms: i64,
}

impl Usable {
    /// The delivery for the ward; `stored` is sent when it is on disk.
    #[must_use]
    pub fn delivery(
        self,
        peer: Option<IpAddr>,
        stored: oneshot::Sender<()>,
    ) -> (u64, Vec<WireProblem>, Delivery) {
        let delivery = Delivery {
            frame: self.frame,
            adapter: ADAPTER,
            key: self.key,
            same_within_ms: self.same_within_ms,
            copies: Copies::AreOne,
            identity: Identity { peer, ..Identity::default() },
            not_understood: self.not_understood,
            stored,
        };
        (self.seq, self.problems, delivery)
    }
}

/// The lines of one message, in order. One with too many is refused as a whole.
pub fn message_lines(message: &str) -> Result<impl Iterator<Item = &str>, &'static str> {
    let lines = || message.lines().filter(|line| !line.trim().is_empty());
    if lines().take(MAX_LINES + 1).count() > MAX_LINES {
        return Err("at most 1024 lines per message");
    }
    Ok(lines())
}

/// Reads one line.
#[must_use]
pub fn ingest(line: &str, device: &DeviceId, run: &Run, source: Source) -> Ingested {
    let Parsed { mut frame, problems } = match Parsed::read(line, device, source) {
        Ok(parsed) => parsed,
        Err(Refused { seq, problem, frame }) => {
            return Ingested::Rejected(rejected(seq, &problem), unusable(line, device, frame));
        }
    };
    let Some(seq) = frame.seq else {
        let title = "seq is missing: number your frames, so that each can be answered".to_owned();
        let problem = WireProblem { title, field: Some("seq".to_owned()) };
        return Ingested::Rejected(rejected(None, &problem), None);
    };
    let not_understood = if problems.is_empty() { Vec::new() } else { unknown_vitals(line) };
    let (key, same_within_ms) = identity(seq, &mut frame, run);
    Ingested::Usable(Box::new(Usable { seq, frame, problems, not_understood, key, same_within_ms }))
}

/// What the ward gets of a rejected frame: nothing, if it could not be read and names no unknown
/// vital.
fn unusable(line: &str, device: &DeviceId, frame: Option<Box<Frame>>) -> Option<Box<Unusable>> {
    let not_understood = unknown_vitals(line);
    let frame = match frame {
        Some(frame) => *frame,
        None if not_understood.is_empty() => return None,
        None => Frame { device: device.clone(), ..Frame::by_hand(Vec::new()) },
    };
    let identity = Identity::default();
    Some(Box::new(Unusable { frame, adapter: ADAPTER, identity, not_understood }))
}

/// Vitals that the contract does not have, each once, with the unit that the sender gives them.
fn unknown_vitals(line: &str) -> Vec<NotUnderstood> {
    let Ok(json) = serde_json::from_str::<Json>(line) else { return Vec::new() };
    let readings = json.get("readings").and_then(Json::as_array);
    let mut unknown: Vec<NotUnderstood> = Vec::new();
    for reading in readings.into_iter().flatten().chain([&json]) {
        let text = |key| reading.get(key).and_then(Json::as_str);
        let Some(vital) = text("vital").filter(|name| Vital::from_name(name).is_none()) else {
            continue;
        };
        let found = NotUnderstood::new(vital, text("unit").unwrap_or_default(), "");
        if unknown.len() < MAX_UNKNOWN && !unknown.contains(&found) {
            unknown.push(found);
        }
    }
    unknown
}

/// The key of the frame: run, number and content. `sent_at` is not part of it, since a resend may
/// have a new one.
fn identity(seq: u64, frame: &mut Frame, run: &Run) -> (FrameKey, i64) {
    let (run, same_within_ms) = match (&frame.boot, run) {
        (Some(boot), _) => (format!("boot:{boot}"), SAME_WITHIN_MS),
        (None, Run::Socket(socket)) => (format!("socket:{socket}"), SAME_WITHIN_MS),
        (None, Run::Http) => ("http".to_owned(), SAME_WITHIN_OF_HTTP_MS),
    };
    let sent_at = frame.sent_at.take();
    // Numbers and texts cannot fail to be written.
    let content = serde_json::to_vec(&frame).unwrap_or_default();
    frame.sent_at = sent_at;
    (FrameKey::of(&[run.as_bytes(), &seq.to_le_bytes(), &content]), same_within_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(socket: &str) -> Run {
        Run::Socket(socket.to_owned())
    }

    fn of(line: &str, run: &Run) -> Ingested {
        ingest(line, &DeviceId::new("mon-3").unwrap(), run, Source::Monitor)
    }

    fn key(line: &str, run: &Run) -> (FrameKey, i64) {
        match of(line, run) {
            Ingested::Usable(usable) => (usable.key, usable.same_within_ms),
            Ingested::Rejected(answer, _) => panic!("{answer}"),
        }
    }

    fn frame(boot: &str, seq: u64, sent_at: i64, spo2: u32) -> String {
        format!(
            r#"{{"type":"readings","seq":{seq},{boot}"sent_at":{sent_at},"readings":[{{"vital":"spo2","value":{spo2}}}]}}"#
        )
    }

    #[test]
    fn a_frame_that_is_sent_again_is_the_same_frame() {
        let boot = r#""boot":"7f3a","#;
        let first = key(&frame(boot, 1, 100, 97), &run("a"));
        assert_eq!(first, key(&frame(boot, 1, 900, 97), &run("b")), "on another socket, later");
        assert_eq!(first, key(&frame(boot, 1, 900, 97), &Run::Http));
        assert_ne!(first, key(&frame(boot, 2, 100, 97), &run("a")), "another number");
        assert_ne!(first, key(&frame(boot, 1, 100, 96), &run("a")), "other content");
        assert_ne!(first, key(&frame(r#""boot":"7f3b","#, 1, 100, 97), &run("a")));
        assert_eq!(first.1, 600_000);
    }

    /// Keys of stored frames are compared with those of frames that come after an upgrade.
    #[test]
    fn the_key_of_a_frame_stays_the_same_from_one_version_to_the_next() {
        let lines = [
            frame(r#""boot":"7f3a","#, 1, 1_795_262_400_050, 97),
            frame("", 2, 1_795_262_400_050, 96),
            concat!(
                r#"{"type":"readings","seq":3,"sent_at":"2026-11-21T12:00:00.050Z","taken_at":1795262400000,"#,
                r#""readings":[{"vital":"pulse_rate","value":72.50,"quality":"questionable","channel":"2"},"#,
                r#"{"vital":"nibp","systolic":128,"diastolic":82,"taken_at":"2026-11-21T11:58:30Z","corrects":true},"#,
                r#"{"vital":"spo2","value":70,"bound":"below","source":"demo"},{"vital":"temp","value":130}]}"#
            )
            .to_owned(),
            r#"{"type":"status","seq":4,"boot":"ü\n","vital":"spo2","status":"sensor_off"}"#.to_owned(),
        ];
        let runs = [run("1795262000000-7"), Run::Http];
        let keys = runs.iter().flat_map(|run| {
            lines.iter().map(move |line| {
                let (FrameKey(key), _) = key(line, run);
                key.map(|byte| format!("{byte:02x}")).concat()
            })
        });
        insta::assert_snapshot!(keys.collect::<Vec<_>>().join("\n"), @r"
        1a08242db3cec7de0cce5db1826f5b20
        2753e5eb17df2f8beb166f620c0f88e4
        5b6fe82ac62535904555f8e6ec8547f5
        4bdb2324ac561b39b4283e377f04bfa1
        1a08242db3cec7de0cce5db1826f5b20
        31365e4754d510aea972d1f9119393bf
        e6b18a2ccf1acab4fa4c36140081b14f
        4bdb2324ac561b39b4283e377f04bfa1
        ");
    }

    #[test]
    fn a_sender_without_boot_that_starts_again_at_one_loses_nothing() {
        let line = frame("", 1, 100, 97);
        assert_eq!(key(&line, &run("a")), key(&line, &run("a")));
        assert_ne!(key(&line, &run("a")), key(&line, &run("b")));
        assert_eq!(key(&line, &Run::Http).1, 60_000);
        assert_ne!(
            key(&line, &Run::Http).0,
            key(&frame(r#""boot":"http","#, 1, 100, 97), &Run::Http).0
        );
    }

    #[test]
    fn what_is_refused_is_told_what_and_where() {
        let rejected = |line: &str| match of(line, &Run::Http) {
            Ingested::Rejected(answer, _) => answer,
            Ingested::Usable(_) => panic!("usable"),
        };
        insta::assert_snapshot!([
            r#"{"type":"readings","seq":20,"readings":[{"vital":"spo2","value":130}]}"#,
            r#"{"type":"readings","readings":[{"vital":"spo2","value":97}]}"#,
            "nonsense",
        ].map(rejected).join("\n"), @r#"
        {"type":"rejected","seq":20,"problem":{"title":"no usable reading: spo2 must be 1..=100, got 130","field":"readings[0].value"}}
        {"type":"rejected","seq":null,"problem":{"title":"seq is missing: number your frames, so that each can be answered","field":"seq"}}
        {"type":"rejected","seq":null,"problem":{"title":"not a frame: expected ident at line 1 column 2"}}
        "#);
    }

    #[test]
    fn the_usable_part_goes_to_the_ward() {
        let line = r#"{"type":"readings","seq":19,"readings":[{"vital":"spo2","value":130},{"vital":"pulse_rate","value":72}]}"#;
        let Ingested::Usable(usable) = of(line, &Run::Http) else { panic!("rejected") };
        let (seq, problems, delivery) = usable.delivery(None, oneshot::channel().0);
        assert_eq!((seq, problems.len(), delivery.frame.implausible), (19, 1, 1));
        assert_eq!(delivery.frame.readings.len(), 1);
    }

    #[test]
    fn unknown_vitals_are_told_whether_or_not_the_rest_is_usable() {
        let readings = |more: &str| {
            let glucose = r#"{"vital":"glucose","value":5.2,"unit":"mmol/L"}"#;
            format!(r#"{{"type":"readings","seq":1,"readings":[{glucose},{glucose}{more}]}}"#)
        };
        let glucose = NotUnderstood::new("glucose", "mmol/L", "");
        let Ingested::Usable(usable) = of(&readings(r#",{"vital":"spo2","value":97}"#), &Run::Http)
        else {
            panic!("rejected")
        };
        let (_, problems, delivery) = usable.delivery(None, oneshot::channel().0);
        assert_eq!(problems.len(), 2);
        assert_eq!(delivery.not_understood, std::slice::from_ref(&glucose));
        let Ingested::Rejected(_, Some(unusable)) = of(&readings(""), &Run::Http) else {
            panic!("usable, or not told")
        };
        assert_eq!(unusable.not_understood, [glucose]);
        assert_eq!((unusable.frame.implausible, unusable.frame.readings.len()), (0, 0));
        let status = r#"{"type":"status","seq":2,"vital":"eeg","status":"sensor_off"}"#;
        let Ingested::Rejected(_, Some(unusable)) = of(status, &Run::Http) else {
            panic!("not told")
        };
        assert_eq!(unusable.not_understood, [NotUnderstood::new("eeg", "", "")]);
        assert!(matches!(of("nonsense", &Run::Http), Ingested::Rejected(_, None)));
    }

    #[test]
    fn of_one_frame_a_bounded_number_of_unknown_vitals_is_told() {
        for count in [MAX_UNKNOWN, MAX_UNKNOWN + 1, 200] {
            let readings: Vec<String> =
                (0..count).map(|n| format!(r#"{{"vital":"x{n}","value":1}}"#)).collect();
            let readings = readings.join(",");
            let line = format!(r#"{{"type":"readings","seq":1,"readings":[{readings}]}}"#);
            let Ingested::Rejected(_, Some(unusable)) = of(&line, &Run::Http) else {
                panic!("usable, or not told")
            };
            assert_eq!(unusable.not_understood.len(), MAX_UNKNOWN, "of {count}");
        }
    }

    #[test]
    fn a_message_has_a_bounded_number_of_lines() {
        assert_eq!(message_lines("a\n\n b\r\n").unwrap().collect::<Vec<_>>(), ["a", " b"]);
        assert!(message_lines(&"x\n".repeat(1_024)).is_ok());
        assert!(message_lines(&"x\n".repeat(1_025)).is_err());
    }
}
