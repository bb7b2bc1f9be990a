//! What one OBX row measured: a number with its quality, or that there is none and why
//! (PROTOCOLS 0.2 and OBX-5, -8, -11).

use super::message::{Part, Segment};
use super::units::converted;
use crate::vitals::{Absent, Decimal, Quality, Vital};

/// The row's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    Measured(Decimal, Quality),
    Absent(Absent),
}

/// A row's value that is used, and what was odd about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Valued {
    pub(super) sample: Sample,
    /// The monitor says that this is demo or test data.
    pub(super) demo: bool,
    pub(super) problem: Option<&'static str>,
}

/// What monitors send in place of "none"; -99.9 is the eighth.
const NO_VALUE: [i32; 7] = [-1, -100, -999, -1000, 32_767, 8_388_607, -32_768];

/// Reads OBX-5, -6, -8 and -11 of a row that names `vital`; `Err` says why it is refused.
pub(super) fn value_of(obx: &Segment<'_>, vital: Vital) -> Result<Valued, &'static str> {
    let flags = Flags::read(&obx.field(8), vital);
    let mut valued = Valued {
        sample: Sample::Absent(flags.absent.unwrap_or(Absent::Invalid)),
        demo: flags.demo,
        problem: None,
    };
    if flags.absent.is_some() || says_no_reading(&obx.field(11).text()) {
        if let Some(reason) = said_reason(&obx.first(5).text(), vital) {
            valued.sample = Sample::Absent(flags.named.unwrap_or(reason));
        }
        return Ok(valued);
    }
    let Some(text) = single_value(&obx.first(5)) else {
        valued.problem = Some("the value has several parts");
        return Ok(valued);
    };
    if text.chars().all(|c| matches!(c, '-' | '?' | '*' | '.')) {
        return Ok(valued);
    }
    let Ok(number) = text.parse::<Decimal>() else {
        match said_reason(&text, vital) {
            Some(reason) => valued.sample = Sample::Absent(reason),
            None => valued.problem = Some("the value is not a number"),
        }
        return Ok(valued);
    };
    if is_no_value(number) {
        return Ok(valued);
    }
    let number = converted(vital, number, &obx.first(6)).map_err(|_| "the unit is not its unit")?;
    valued.sample = Sample::Measured(number, flags.quality);
    Ok(valued)
}

fn is_no_value(number: Decimal) -> bool {
    NO_VALUE.into_iter().map(Decimal::whole).any(|n| n == number) || "-99.9".parse() == Ok(number)
}

/// `97`, or `97` in the form of a structured number (`^97`, `=^97`).
fn single_value(obx5: &Part<'_>) -> Option<String> {
    let parts: Vec<_> = obx5.components().take(5).map(|c| c.text()).collect();
    let filled = || parts.iter().filter(|text| !text.is_empty());
    let structured = matches!(parts.first().map(|p| &**p), Some("=")) && filled().count() == 2;
    match filled().count() {
        0 => Some(String::new()),
        1 => filled().next().map(|text| text.to_string()),
        _ if structured => filled().nth(1).map(|text| text.to_string()),
        _ => None,
    }
}

/// P, preliminary, is a reading like any other. The standard sets it no lower than R, "not
/// verified", with which monitors send their ordinary live values; no message that was seen has P.
/// A monitor that doubts a value flags it in OBX-8 (QUES). Were P taken for doubt, a monitor that
/// sent all of its values so could not alarm at all.
fn says_no_reading(status: &str) -> bool {
    matches!(status.to_ascii_uppercase().as_str(), "X" | "D" | "W" | "N" | "O" | "I" | "S" | "U")
}

/// OBX-8, as far as it is not about limits.
struct Flags {
    absent: Option<Absent>,
    /// The reason, where the flag itself names one.
    named: Option<Absent>,
    demo: bool,
    quality: Quality,
}

impl Flags {
    fn read(obx8: &Part<'_>, vital: Vital) -> Self {
        let mut flags = Self { absent: None, named: None, demo: false, quality: Quality::Good };
        for flag in obx8.repetitions() {
            match flag.component(1).text().to_ascii_uppercase().as_str() {
                // NAV, BUSY, CAL, TEST: measurement states of IEEE 11073 as PCD-01 writes them.
                "INV" | "NAV" => flags.absent = flags.absent.or(Some(Absent::Invalid)),
                "BUSY" if vital == Vital::Nibp => flags.name(Absent::Measuring),
                "QUES" | "EARLY" | "CAL" => flags.quality = Quality::Questionable,
                "DEMO" | "TEST" => flags.demo = true,
                words => {
                    if let Some(reason) = said_reason(words, vital) {
                        flags.name(reason);
                    }
                }
            }
        }
        flags
    }

    fn name(&mut self, reason: Absent) {
        self.absent = Some(reason);
        self.named = Some(reason);
    }
}

/// The reason that a text in place of a number gives, in the words of PROTOCOLS b and c.
fn said_reason(text: &str, vital: Vital) -> Option<Absent> {
    let text = text.to_ascii_lowercase().replace(['_', '-'], " ");
    let says = |phrases: &[&str]| phrases.iter().any(|p| text.contains(p));
    let reason = if says(&["sensor off", "probe off", "lead off", "leads off", "finger out"]) {
        Absent::SensorOff
    } else if says(&["no sensor", "sensor disconnect", "no probe", "unplugged"]) {
        Absent::NoSensor
    } else if says(&["no pulse", "loss of pulse"]) {
        Absent::NoPulse
    } else if says(&["search"]) {
        Absent::Searching
    } else if says(&["low perf"]) {
        Absent::LowPerfusion
    } else if says(&["nois", "artifact", "motion", "interference"]) {
        Absent::Noisy
    } else if says(&["erratic"]) {
        Absent::Erratic
    } else if says(&["malfunction", "defect"]) {
        Absent::Malfunction
    } else if vital == Vital::Nibp && says(&["measuring", "inflating", "in progress"]) {
        Absent::Measuring
    } else if vital == Vital::Nibp && says(&["fail", "error", "timeout", "time out"]) {
        Absent::Failed
    } else {
        return None;
    };
    Some(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::hl7::message::Message;

    /// `tail` is OBX-5 and what follows.
    fn read(vital: Vital, tail: &str) -> Result<Valued, &'static str> {
        let text = format!("MSH|^~\\&|\rOBX|1|NM|code|sub|{tail}");
        let message = Message::parse(&text).unwrap();
        value_of(&message.segment("OBX").unwrap(), vital)
    }

    fn sample(vital: Vital, tail: &str) -> Sample {
        read(vital, tail).unwrap().sample
    }

    #[test]
    fn a_number_is_read_whatever_its_type_or_form() {
        let expected = Sample::Measured(Decimal::whole(97), Quality::Good);
        for tail in [
            "97|%|||||F",
            "97|%|90-100|N|||R",
            " 97 |%",
            "097|",
            "97|%|||||C",
            "97|%|||||P",
            "^97|%|||||F",
            "=^97|%",
            "97~98|%",
            "97|%|90-100|LL~H",
        ] {
            assert_eq!(sample(Vital::Spo2, tail), expected, "{tail}");
        }
    }

    #[test]
    fn decimals_stay() {
        let Sample::Measured(number, _) = sample(Vital::Nibp, "140.50|mmHg") else {
            panic!("no number");
        };
        assert_eq!(number.to_string(), "140.50");
    }

    #[test]
    fn no_value_is_never_a_number() {
        for tail in [
            "||||||X",
            "||||||F",
            "|",
            "-100|",
            "-100.00|%",
            "-1000|",
            "-999|",
            "-99.9|",
            "-1|",
            "8388607|",
            "32767|",
            "---|",
            "--.-|",
            "\"\"|%",
            "?|",
            "^|",
        ] {
            let read = read(Vital::Spo2, tail).unwrap();
            assert_eq!(read.sample, Sample::Absent(Absent::Invalid), "{tail}");
            assert_eq!(read.problem, None, "{tail}");
        }
    }

    #[test]
    fn statuses_without_a_reading_make_any_number_absent() {
        for status in ["X", "D", "W", "N", "O", "I", "S", "U", "x"] {
            let tail = format!("97|%|||||{status}");
            assert_eq!(sample(Vital::Spo2, &tail), Sample::Absent(Absent::Invalid));
        }
    }

    #[test]
    fn a_preliminary_value_is_doubted_only_where_a_flag_says_so() {
        let spo2 = |quality| Sample::Measured(Decimal::whole(88), quality);
        assert_eq!(sample(Vital::Spo2, "88|%||L|||P"), spo2(Quality::Good));
        assert_eq!(sample(Vital::Spo2, "88|%||L~QUES|||P"), spo2(Quality::Questionable));
        assert_eq!(sample(Vital::Spo2, "||||||P"), Sample::Absent(Absent::Invalid));
    }

    #[test]
    fn flags_are_heard() {
        let ques = Sample::Measured(Decimal::whole(97), Quality::Questionable);
        assert_eq!(sample(Vital::Spo2, "97|%||QUES|||R"), ques);
        assert_eq!(sample(Vital::Spo2, "97|%||L~EARLY|||R"), ques);
        assert_eq!(sample(Vital::Spo2, "97|%||INV|||X"), Sample::Absent(Absent::Invalid));
        assert_eq!(sample(Vital::Spo2, "97|%||INV|||R"), Sample::Absent(Absent::Invalid));
        assert!(read(Vital::Spo2, "97|%||DEMO|||R").unwrap().demo);
        assert!(read(Vital::Spo2, "97|%||L~DEMO|||R").unwrap().demo);
        let busy = sample(Vital::Nibp, "||||BUSY|||X");
        assert_eq!(busy, Sample::Absent(Absent::Invalid), "BUSY stands in OBX-8 only");
        assert_eq!(sample(Vital::Nibp, "|||BUSY|||X"), Sample::Absent(Absent::Measuring));
    }

    #[test]
    fn words_say_why_there_is_no_number() {
        for (vital, tail, reason) in [
            (Vital::Spo2, "SENSOR OFF||||||X", Absent::SensorOff),
            (Vital::Spo2, "|||PROBE_OFF|||X", Absent::SensorOff),
            (Vital::Spo2, "Pulse search|", Absent::Searching),
            (Vital::Nibp, "Measurement failed|", Absent::Failed),
            (Vital::Nibp, "Measuring|", Absent::Measuring),
        ] {
            assert_eq!(sample(vital, tail), Sample::Absent(reason), "{tail}");
        }
    }

    #[test]
    fn other_words_are_no_value_and_a_problem() {
        for tail in ["smooth|", "97%|", "1e2|", "97^98^99|", ">^200|"] {
            let read = read(Vital::Spo2, tail).unwrap();
            assert_eq!(read.sample, Sample::Absent(Absent::Invalid), "{tail}");
            assert!(read.problem.is_some(), "{tail}");
        }
    }

    #[test]
    fn a_wrong_unit_refuses_the_value() {
        assert!(read(Vital::Spo2, "97|bpm").is_err());
    }
}
