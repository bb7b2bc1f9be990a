//! What must be true of every parser of bytes from outside, whatever the bytes: it does not panic,
//! gives no value that no patient can have, reads again what it wrote, and holds no more than it
//! was given. `fuzz/` tries it with millions of inputs, the tests here with those kept in
//! `fuzz/corpus`. Compiled only for these two, because it sees what is private elsewhere.

use std::net::{IpAddr, Ipv4Addr};

use jiff::tz::TimeZone;

use crate::adapters::hl7::{self, Framed, Framer, Level, MAX_MESSAGE_BYTES, Outcome};
use crate::adapters::native::{self, Ingested, Run};
use crate::config;
use crate::control::AnyRequest;
use crate::http;
use crate::profile::{Form, Profile, Rules};
use crate::record::{Header, Line, write_input};
use crate::replay::Player;
use crate::room::Input;
use crate::vitals::plausibility::{check_number, check_pressure};
use crate::vitals::wire::Parsed;
use crate::vitals::{DeviceId, Frame, Millis, Observation, RoomId, Source, Value};

/// An arbitrary time.
const NOW: Millis = Millis(1_795_262_400_000);
/// A recording is played if it is no longer than this: ten years would be ten years of alerts.
const PLAYED_MS: i64 = 24 * 3_600_000;
/// How much larger a frame or an answer may be than its input: names of keys and units.
const MOST_BYTES_OF_ONE: usize = 512;

fn device() -> DeviceId {
    DeviceId::new("mon-3").expect("it is an id")
}

/// What came out of a stream of bytes that was read in these pieces, followed by silence.
fn framed<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Framed>, u64) {
    let mut framer = Framer::default();
    let mut messages = Vec::new();
    for piece in pieces {
        framer.push(piece);
        messages.extend(std::iter::from_fn(|| framer.next()));
    }
    framer.idle();
    messages.extend(std::iter::from_fn(|| framer.next()));
    (messages, framer.skipped_bytes())
}

/// MLLP: how the bytes were cut into pieces changes nothing, nothing is made up, and what is
/// framed as it should be comes out as it went in. The first byte says how the rest is cut.
pub fn mllp(data: &[u8]) {
    let (cut, data) = data.split_first().map_or((7, data), |(cut, rest)| (*cut, rest));
    let (messages, skipped) = framed(std::iter::once(data));
    assert_eq!((&messages, skipped), (&framed(data.chunks(1)).0, skipped));
    let pieces = framed(data.chunks(usize::from(cut) + 1));
    assert_eq!((&messages, skipped), (&pieces.0, pieces.1));
    let bytes = |message: &Framed| match message {
        Framed::Message(bytes) => bytes.len(),
        Framed::TooLong(header) => header.len(),
    };
    let total: usize = messages.iter().map(bytes).sum();
    assert!(total as u64 + skipped <= data.len() as u64, "{total} + {skipped} of {}", data.len());
    assert!(messages.iter().all(|message| bytes(message) <= MAX_MESSAGE_BYTES));

    let is_text = |byte: &u8| !matches!(*byte, 0x0B | 0x1C | b'\r' | b'\n');
    let text: Vec<u8> = data.iter().copied().filter(is_text).collect();
    let message = [b"MSH|", text.as_slice(), b"\r"].concat();
    let frame = [b"\x0B", message.as_slice(), b"\x1C\r"].concat();
    let twice = framed([frame.as_slice(), frame.as_slice()].into_iter()).0;
    assert_eq!(twice, [Framed::Message(message.clone()), Framed::Message(message)]);
}

/// HL7: whatever it reads is plausible and can be stored and read again; it says why it did not
/// read what it did not; its answer is one message.
pub fn hl7(data: &[u8]) {
    let sender = hl7::Sender { peer: IpAddr::V4(Ipv4Addr::LOCALHOST), default_device: None };
    let context = hl7::Context { arrived_at: NOW, zone: &TimeZone::UTC, sender };
    let decoded = hl7::decode(data, &context);
    if let Some(frame) = decoded.frame {
        is_plausible(&frame);
        is_read_again(frame);
    }
    assert!(decoded.problems.len() <= data.len() + 1, "{}", decoded.problems.len());
    assert!(decoded.not_understood.len() <= data.len(), "{}", decoded.not_understood.len());
    let outcome = decoded.outcome.unwrap_or(Outcome::Accepted);
    for level in [Level::Commit, Level::Application] {
        let answer = decoded.ack.frame(level, outcome, NOW, &TimeZone::UTC, 7);
        let messages = framed(std::iter::once(&*answer)).0;
        assert!(matches!(&*messages, [Framed::Message(_)]), "{messages:?}");
        let Some(Framed::Message(answer)) = messages.first() else { return };
        let read = hl7::decode(answer, &context);
        assert_eq!(read.kind, hl7::Kind::Acknowledgement, "{:?}", String::from_utf8_lossy(answer));
    }
}

/// The lines of a monitor's message.
pub fn native(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(lines) = native::message_lines(text) else { return };
    for line in lines {
        let (frame, said) = match native::ingest(line, &device(), &Run::Http, Source::Monitor) {
            Ingested::Usable(usable) => {
                assert!(!usable.frame.readings.is_empty());
                let said = usable.problems.iter().map(|problem| problem.title.len()).sum();
                (Some(usable.frame), said)
            }
            Ingested::Rejected(answer, unusable) => {
                let json: serde_json::Value = serde_json::from_str(&answer).expect("it is JSON");
                assert_eq!(json["type"], "rejected");
                (unusable.map(|unusable| unusable.frame), answer.len())
            }
        };
        assert!(said <= MOST_BYTES_OF_ONE * (1 + line.len()), "{said} of {}", line.len());
        if let Some(frame) = frame {
            is_plausible(&frame);
            is_read_again(frame);
        }
    }
}

/// A recording: each line that is understood is the same when it is written and read again, and
/// what is played ends.
pub fn recording(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.lines();
    let is_header = lines.next().is_some_and(|line| Header::read(line).is_ok());
    let (mut first, mut last) = (None, Millis(0));
    for line in lines {
        let Ok((at, line)) = Line::read(line) else { continue };
        last = at.max(last);
        first = first.min(Some(at)).or(Some(at));
        let Line::Input(input) = line else { continue };
        if let Input::Frame(frame) = &input {
            is_plausible(frame);
        }
        let written = write_input(at, &input);
        let read = Line::read(&written);
        let Ok((again_at, Line::Input(again))) = read else { panic!("{written}: {read:?}") };
        assert_eq!((again_at, &again), (at, &input), "{written}");
    }
    if is_header && first.is_none_or(|first| last.since(first) <= PLAYED_MS) {
        let play =
            || Player::new(text.as_bytes()).and_then(Player::play).map_err(|e| e.to_string());
        assert_eq!(play(), play());
    }
}

/// A profile; the first byte says whether it is TOML or JSON. A valid one is the same when it is
/// written and read again, and can be described in words; of an invalid one it says why.
pub fn profile(data: &[u8]) {
    let (form, data) = match data.split_first() {
        Some((b'{', _)) => (Form::Json, data),
        Some(_) => (Form::Toml, data),
        None => return,
    };
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Profile::read(text, form, None) {
        Ok(profile) => {
            let toml = profile.to_toml();
            assert_eq!(Profile::from_toml(&toml).as_ref(), Ok(&profile), "{toml}");
            let json = serde_json::to_string(&profile).expect("it can be written");
            assert_eq!(Profile::read(&json, Form::Json, None), Ok(profile.clone()), "{json}");
            assert!(serde_json::to_value(Rules::of(&profile).text()).is_ok());
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|problem| !problem.what.is_empty()));
        }
    }
}

/// The configuration: each problem says what is wrong and what to write instead.
pub fn configuration(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines = text.split('\n').count();
    match config::read_text(text) {
        Ok(config) => {
            assert!(!config.rooms.is_empty());
            assert!(config.server.listen.ip().is_loopback());
            let knows = |id: &RoomId| config.rooms.iter().any(|room| room.id == *id);
            assert!(config.devices.iter().all(|device| knows(&device.room)));
            assert!(config.adapters.iter().all(|adapter| !adapter.allow.is_empty()));
        }
        Err(problems) => {
            for problem in problems.as_slice() {
                assert!(!problem.what.is_empty() && !problem.remedy.is_empty(), "{problem}");
                assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{problem}");
            }
        }
    }
}

/// What a screen sends: a `hello` is the same when it is written and read again.
pub fn hello(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for line in text.lines() {
        match http::hello(line) {
            Ok(Some(hello)) => {
                let rooms = match &hello.rooms {
                    Some(rooms) => serde_json::json!(rooms),
                    None => serde_json::json!("all"),
                };
                let again = serde_json::json!({"type": "hello", "rooms": rooms,
                    "epoch": hello.epoch, "revs": hello.revs,
                    "screen": hello.introduction.kind,
                    "screen_id": hello.introduction.name});
                assert_eq!(http::hello(&again.to_string()), Ok(Some(hello)));
            }
            Ok(None) => {}
            Err(problem) => assert!(!problem.is_empty()),
        }
    }
}

/// A request of a command: the same when it is written and read again, with no secret in what the
/// log may show.
pub fn request(data: &[u8]) {
    let Ok(request) = serde_json::from_slice::<AnyRequest>(data) else { return };
    let written = serde_json::to_string(&request).expect("it can be written");
    let again = serde_json::from_str(&written);
    assert_eq!(again.ok().as_ref(), Some(&request), "{written}");
    if let AnyRequest::AddStaff(_) = request {
        let shown = format!("{request:?}");
        let mut other = request;
        if let AnyRequest::AddStaff(staff) = &mut other {
            staff.password.0.push('x');
            staff.pin.iter_mut().for_each(|pin| pin.0.push('x'));
        }
        assert_eq!(format!("{other:?}"), shown, "what is shown depends on a secret");
    }
}

/// No living patient has what it refuses; quality and absence are checked elsewhere.
fn is_plausible(frame: &Frame) {
    for reading in &frame.readings {
        let checked = match &reading.observation {
            Observation::Measured(Value::Number(number), _) => check_number(reading.vital, *number),
            Observation::Measured(Value::Pressure(pressure), _) => check_pressure(pressure),
            Observation::Absent(_) => Ok(()),
        };
        assert_eq!(checked, Ok(()), "{reading:?}");
    }
}

/// What the ward stores of a frame is what it finds there after a restart.
fn is_read_again(mut frame: Frame) {
    frame.keep_to_what_can_be_read_again();
    let line = write_input(NOW, &Input::Frame(frame.clone()));
    let read = Line::read(&line);
    let Ok((_, Line::Input(Input::Frame(again)))) = read else { panic!("{line}: {read:?}") };
    assert_eq!(again, frame, "{line}");
    if !frame.readings.is_empty() && frame.implausible == 0 {
        let json = serde_json::to_string(&frame).expect("it can be written");
        let parsed = Parsed::read(&json, &frame.device, Source::Monitor);
        assert!(parsed.is_ok(), "{json}: {parsed:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Runs every file of a target's corpus; returns how many there are.
    fn seeds(target: &str, check: fn(&[u8])) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
        let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
        let mut count = 0;
        for file in files {
            let path = file.unwrap().path();
            println!("{}", path.display());
            check(&std::fs::read(&path).unwrap());
            count += 1;
        }
        count
    }

    #[test]
    fn what_is_kept_of_the_fuzzers_holds() {
        for (target, check) in [
            ("mllp", mllp as fn(&[u8])),
            ("hl7", hl7),
            ("native", native),
            ("recording", recording),
            ("profile", profile),
            ("configuration", configuration),
            ("hello", hello),
            ("request", request),
        ] {
            assert!(seeds(target, check) > 0, "{target} has no seed");
        }
    }
}
