//! What one OBX row measured: a number with its quality, or that there is none and why
//! (protocols.md#rows, protocols.md#values).

use super::message::{Part, Segment};
use super::number::{ParsedNumber, pressures, single_text, written};
use super::units::{Unit, converted, unit_of};
use crate::vitals::{Absent, Bound, Decimal, Quality, Revision, Vital};

/// The row's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    Measured(Decimal, Quality),
    Absent(Absent),
}

/// A row's value that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowValue {
    pub(super) sample: Sample,
    /// The value is beyond the number, such as `<70`.
    pub(super) bound: Option<Bound>,
    /// Whether it corrects or withdraws an earlier one.
    pub(super) revision: Revision,
    /// The monitor says that this is demo or test data.
    pub(super) demo: bool,
    /// The sender names the unit, so that the number's size need not show it.
    pub(super) has_unit: bool,
}

/// Why a row's value is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotRead {
    /// It has several parts, or is neither a number nor a word that says why there is none.
    Form,
    /// The unit is unknown, or not one of the vital's; or the value's size leaves the unit open.
    Unit,
}

impl NotRead {
    /// Words for the log, without the value.
    pub(super) fn problem(self) -> &'static str {
        match self {
            Self::Form => "the value is not a number",
            Self::Unit => "the unit is not one of its units",
        }
    }
}

/// What monitors send in place of "none"; -99.9 is the eighth.
const NO_VALUE: [i32; 7] = [-1, -100, -999, -1000, 32_767, 8_388_607, -32_768];

/// Reads OBX-5, -6, -8 and -11 of a row that names `vital`.
pub(super) fn value_of(obx: &Segment<'_>, vital: Vital) -> Result<RowValue, NotRead> {
    let frame = Row::read(obx, vital);
    if let Some(valued) = frame.without_number(obx) {
        return Ok(valued);
    }
    let text = single_text(&obx.first(5)).ok_or(NotRead::Form)?;
    let Some(written) = written(&text) else {
        let reason = said_reason(&text, vital).ok_or(NotRead::Form)?;
        return Ok(frame.absent(reason));
    };
    frame.measured(written, obx)
}

/// Reads a row that holds several parts of one pressure: systolic, diastolic and perhaps mean.
/// Empty when the row holds none and gives no reason: it is the heading of a panel.
pub(super) fn pressures_of(obx: &Segment<'_>) -> Result<Vec<RowValue>, NotRead> {
    let frame = Row::read(obx, Vital::Nibp);
    if let Some(valued) = frame.without_number(obx) {
        let says_something =
            valued.sample != Sample::Absent(Absent::Invalid) || valued.revision != Revision::New;
        return Ok(if says_something { vec![valued] } else { Vec::new() });
    }
    let Some(parts) = pressures(&obx.first(5)) else {
        let text = single_text(&obx.first(5)).ok_or(NotRead::Form)?;
        let reason = said_reason(&text, Vital::Nibp).ok_or(NotRead::Form)?;
        return Ok(vec![frame.absent(reason)]);
    };
    if parts.iter().all(|part| is_none(*part)) {
        return Ok(vec![frame.absent(Absent::Invalid)]);
    }
    parts.into_iter().map(|part| frame.measured(part, obx)).collect()
}

/// What a row says besides its number.
struct Row {
    vital: Vital,
    flags: Flags,
    status: Status,
}

impl Row {
    fn read(obx: &Segment<'_>, vital: Vital) -> Self {
        let flags = Flags::read(&obx.field(8), vital);
        Self { vital, flags, status: Status::of(&obx.field(11).text()) }
    }

    /// The row's value when it has no number that counts.
    fn without_number(&self, obx: &Segment<'_>) -> Option<RowValue> {
        let texts = || obx.first(5).components().map(|part| part.text().into_owned());
        let is_blank = |text: String| text.chars().all(|c| matches!(c, '-' | '?' | '*' | '.'));
        if self.status == Status::Withdrawn {
            return Some(self.absent(Absent::Invalid));
        }
        if self.flags.absent.is_some() || self.status == Status::NoReading {
            let said = said_reason(&obx.first(5).text(), self.vital);
            let reason = self.flags.named.or(said).or(self.flags.absent);
            return Some(self.absent(reason.unwrap_or(Absent::Invalid)));
        }
        let is_none =
            single_text(&obx.first(5)).and_then(|text| written(&text)).is_some_and(is_none);
        (is_none || texts().all(is_blank)).then(|| self.absent(Absent::Invalid))
    }

    /// No value. It replaces an earlier value that is then no longer true.
    fn absent(&self, reason: Absent) -> RowValue {
        let revision = match self.status {
            Status::Corrected | Status::Withdrawn => Revision::Withdraws,
            Status::Reading | Status::NoReading => Revision::New,
        };
        let sample = Sample::Absent(reason);
        RowValue { sample, bound: None, revision, demo: self.flags.demo, has_unit: false }
    }

    fn measured(&self, written: ParsedNumber, obx: &Segment<'_>) -> Result<RowValue, NotRead> {
        let unit = unit(&written, obx)?;
        let number = converted(self.vital, written.number, unit).map_err(|_| NotRead::Unit)?;
        let revision = match self.status {
            Status::Corrected => Revision::Corrects,
            _ => Revision::New,
        };
        Ok(RowValue {
            sample: Sample::Measured(number, self.flags.quality),
            bound: written.bound.or(self.flags.bound),
            revision,
            demo: self.flags.demo,
            has_unit: unit.is_some(),
        })
    }
}

/// The unit of OBX-6 and the one after the number must not contradict each other.
fn unit(written: &ParsedNumber, obx: &Segment<'_>) -> Result<Option<Unit>, NotRead> {
    match (unit_of(&obx.first(6)), written.unit) {
        (Ok(Some(field)), Some(behind)) if field != behind => Err(NotRead::Unit),
        (Ok(field), behind) => Ok(behind.or(field)),
        (Err(_), Some(_) | None) => Err(NotRead::Unit),
    }
}

fn is_none(written: ParsedNumber) -> bool {
    let number = written.number;
    NO_VALUE.into_iter().map(Decimal::whole).any(|n| n == number) || "-99.9".parse() == Ok(number)
}

/// What two rows together say about an earlier value.
pub(super) fn together(a: Revision, b: Revision) -> Revision {
    match (a, b) {
        (Revision::New, other) | (other, Revision::New) => other,
        (Revision::Corrects, _) | (_, Revision::Corrects) => Revision::Corrects,
        (Revision::Withdraws, Revision::Withdraws) => Revision::Withdraws,
    }
}

/// OBX-11. What is not listed, such as F, R and nothing, is a reading.
///
/// P, preliminary, is a reading like any other. The standard ranks it no lower than R, "not
/// verified", with which monitors send their ordinary live values; no message that was seen has P.
/// A monitor that doubts a value flags it in OBX-8 (QUES). If P counted as doubt, a monitor that
/// sent all of its values like that could raise no alarm at all.
/// sent all of its values so could not alarm at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Reading,
    Corrected,
    Withdrawn,
    NoReading,
}

impl Status {
    fn of(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "C" => Self::Corrected,
            "W" | "D" => Self::Withdrawn,
            "X" | "N" | "O" | "I" | "S" | "U" => Self::NoReading,
            _ => Self::Reading,
        }
    }
}

/// Words of OBX-8 with which a monitor says that it has no value now, whatever OBX-5 says.
/// INV to MSETNG are measurement states of IEEE 11073 as PCD-01 writes them.
const NO_READING: [&str; 34] = [
    "INV",
    "NAV",
    "MSETNG",
    "OUT",
    "OOR",
    "NA",
    "N/A",
    "NR",
    "ND",
    "IND",
    "ERR",
    "ERROR",
    "FAIL",
    "FAILED",
    "INVALID",
    "UNAVAILABLE",
    "NOT AVAILABLE",
    "UNKNOWN",
    "LOST",
    "NO VALUE",
    "NO DATA",
    "NO SIGNAL",
    "NOSIGNAL",
    "STANDBY",
    "STBY",
    "SUSPENDED",
    "PAUSED",
    "INACTIVE",
    "DISABLED",
    "DISCONNECTED",
    "DISC",
    "CALIBRATING",
    "ZEROING",
    "WARMUP",
];
/// Words for a sensor that is not on the patient.
const SENSOR_OFF: [&str; 6] = ["OFF", "SENSOROFF", "PROBEOFF", "LEADOFF", "LEADSOFF", "UNPLUGGED"];

/// OBX-8, as far as it is not about limits.
struct Flags {
    absent: Option<Absent>,
    /// The reason, if the flag itself names one.
    named: Option<Absent>,
    /// Off the scale of the instrument (HL7 table 0078).
    bound: Option<Bound>,
    demo: bool,
    quality: Quality,
}

impl Flags {
    fn read(obx8: &Part<'_>, vital: Vital) -> Self {
        let mut flags =
            Self { absent: None, named: None, bound: None, demo: false, quality: Quality::Good };
        for flag in obx8.repetitions() {
            let words = flag.component(1).text().to_ascii_uppercase();
            match words.trim() {
                "BUSY" if vital == Vital::Nibp => flags.name(Absent::Measuring),
                "BUSY" => flags.absent = flags.absent.or(Some(Absent::Invalid)),
                "QUES" | "EARLY" | "CAL" => flags.quality = Quality::Questionable,
                "DEMO" | "TEST" => flags.demo = true,
                "<" => flags.bound = Some(Bound::Below),
                ">" => flags.bound = Some(Bound::Above),
                words if SENSOR_OFF.contains(&words) && vital != Vital::Nibp => {
                    flags.name(Absent::SensorOff);
                }
                words if NO_READING.contains(&words) || SENSOR_OFF.contains(&words) => {
                    flags.absent = flags.absent.or(Some(Absent::Invalid));
                }
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

/// The reason that a text in place of a number gives, in the words of monitors (protocols.md#rows).
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
#[path = "value_test.rs"]
mod tests;
