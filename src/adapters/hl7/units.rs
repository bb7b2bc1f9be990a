//! Units as senders write them, and values in ours (protocols.md#units).

use super::message::Part;
use crate::vitals::{Decimal, Vital};

/// One kilopascal in millimetres of mercury: kPa × this = mmHg.
const MMHG_PER_KPA: f64 = 7.500_62;
/// A temperature in this range can only be one in degrees Fahrenheit (27 to 46 °C).
const FAHRENHEIT_ALONE: std::ops::RangeInclusive<f64> = 80.0..=115.0;
/// Less than this is a low pressure in mmHg, or a usual one in kPa or percent.
const ETCO2_IN_DOUBT_BELOW: f64 = 10.0;
/// The same for a cuff's highest part.
pub(super) const PRESSURE_IN_DOUBT_BELOW: f64 = 40.0;

/// A unit of ours, or one that can be turned into one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    PerMinute,
    MmHg,
    Kilopascal,
    Celsius,
    Fahrenheit,
    None,
}

/// Numbers of MDC and MDIL, names of MDC, UCUM and what is simply printed, as [`plain`] leaves
/// them.
const UNITS: &[(Unit, &[&str])] = &[
    (
        Unit::Percent,
        &[
            "262688",
            "mdc_dim_percent",
            "0004-0220",
            "%",
            "pct",
            "percent",
            "prozent",
            "%spo2",
            "spo2%",
            "%sao2",
            "%o2",
            "o2%",
            "%sat",
            "%o2sat",
            "%saturation",
        ],
    ),
    (
        Unit::PerMinute,
        &[
            "264864",
            "mdc_dim_beat_per_min",
            "264928",
            "mdc_dim_resp_per_min",
            "0004-0aa0",
            "0004-0ae0",
            "mdc_dim_per_min",
            "/min",
            "1/min",
            "min-1",
            "min^-1",
            "min⁻¹",
            "min**-1",
            "bpm",
            "rpm",
            "brpm",
            "ppm",
            "lpm",
        ],
    ),
    (
        Unit::MmHg,
        &[
            "266016",
            "mdc_dim_mmhg",
            "0004-0f20",
            "mmhg",
            "torr",
            "millimeterofmercury",
            "millimetersofmercury",
            "millimetreofmercury",
            "millimetresofmercury",
        ],
    ),
    (Unit::Kilopascal, &["265987", "mdc_dim_kilo_pascal", "kpa", "kilopascal", "kilopascals"]),
    (
        Unit::Celsius,
        &[
            "268192",
            "mdc_dim_degc",
            "0004-17a0",
            "0004-1710",
            "cel",
            "c",
            "degc",
            "celsius",
            "degreec",
            "degreesc",
            "degcelsius",
            "degreecelsius",
            "degreescelsius",
            "centigrade",
        ],
    ),
    // The numbers seen beside the name differ (268160, 268224): the name is what counts.
    (
        Unit::Fahrenheit,
        &[
            "266560",
            "mdc_dim_fahr",
            "mdc_dim_degf",
            "f",
            "degf",
            "fahrenheit",
            "degreef",
            "degreesf",
            "degfahrenheit",
            "degreefahrenheit",
            "degreesfahrenheit",
        ],
    ),
    (Unit::None, &["262656", "mdc_dim_dimless", "1", "dimensionless"]),
];

/// What is counted per minute, in the words of senders: `beats/minute`, `breaths per min`.
const COUNTED: &[&str] = &[
    "",
    "1",
    "b",
    "beat",
    "beats",
    "bt",
    "bts",
    "pulse",
    "pulses",
    "puls",
    "p",
    "breath",
    "breaths",
    "br",
    "brth",
    "resp",
    "resps",
    "respiration",
    "respirations",
    "r",
];
/// And how senders write the minute.
const A_MINUTE: &[&str] = &["min", "minute", "mins", "minutes", "mn"];
/// Words that say that there is no unit.
const NO_UNIT: &[&str] = &["na", "n/a", "none", "null", "-", "--", "?"];

/// The unit is missing from the tables, or no unit of this vital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WrongUnit;

/// `value` in the unit of `vital`. Without a unit it is taken to be in ours, if its size leaves no
/// doubt; if it is then impossible, its range refuses it.
pub(super) fn converted(
    vital: Vital,
    value: Decimal,
    unit: Option<Unit>,
) -> Result<Decimal, WrongUnit> {
    let rounded = |value: f64| Decimal::rounded(value, 1).ok_or(WrongUnit);
    match (vital, unit) {
        (Vital::Temp, None) if FAHRENHEIT_ALONE.contains(&value.as_f64()) => {
            rounded((value.as_f64() - 32.0) / 1.8)
        }
        (Vital::Etco2, None) if value.as_f64() < ETCO2_IN_DOUBT_BELOW => Err(WrongUnit),
        (_, None)
        | (Vital::Spo2 | Vital::PerfusionIndex, Some(Unit::Percent | Unit::None))
        | (Vital::HeartRate | Vital::PulseRate | Vital::RespRate, Some(Unit::PerMinute))
        | (Vital::Nibp | Vital::Etco2, Some(Unit::MmHg))
        | (Vital::Temp, Some(Unit::Celsius)) => Ok(value),
        (Vital::Nibp | Vital::Etco2, Some(Unit::Kilopascal)) => {
            rounded(value.as_f64() * MMHG_PER_KPA)
        }
        (Vital::Temp, Some(Unit::Fahrenheit)) => rounded((value.as_f64() - 32.0) / 1.8),
        _ => Err(WrongUnit),
    }
}

/// The unit of OBX-6. Name before number, first triple before second; `None` when the field is
/// empty.
pub(super) fn unit_of(obx6: &Part<'_>) -> Result<Option<Unit>, WrongUnit> {
    let mut said_something = false;
    for number in [2, 1, 5, 4] {
        let text = plain(&obx6.component(number).text());
        said_something |= !text.is_empty() && !NO_UNIT.contains(&text.as_str());
        if let Some(unit) = known(&text) {
            return Ok(Some(unit));
        }
    }
    if said_something { Err(WrongUnit) } else { Ok(None) }
}

/// The unit that a text such as `mm Hg` or `Beats / minute` names.
pub(super) fn unit_named(text: &str) -> Option<Unit> {
    known(&plain(text))
}

fn known(plain: &str) -> Option<Unit> {
    let named = UNITS.iter().find(|(_, names)| names.contains(&plain));
    named.map(|(unit, _)| *unit).or_else(|| is_a_minute(plain).then_some(Unit::PerMinute))
}

fn is_a_minute(plain: &str) -> bool {
    let split = plain.split_once('/').or_else(|| plain.split_once("per"));
    split.is_some_and(|(what, minute)| COUNTED.contains(&what) && A_MINUTE.contains(&minute))
}

/// Lower case, without blanks, dots, brackets and the sign of degrees.
fn plain(text: &str) -> String {
    let is_kept = |c: &char| !(c.is_whitespace() || ".()[]{}°º˚'\"".contains(*c));
    let text = text.to_lowercase().replace('\u{2103}', "c").replace('\u{2109}', "f");
    text.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::hl7::message::Message;

    fn convert(vital: Vital, value: &str, unit: &str) -> Option<String> {
        let text = format!("MSH|^~\\&|\rOBX|1|NM|||{value}|{unit}|");
        let message = Message::parse(&text).unwrap();
        let obx = message.segment("OBX").unwrap();
        let value = value.parse().unwrap();
        let converted = converted(vital, value, unit_of(&obx.first(6)).ok()?).ok()?;
        Some(converted.to_string())
    }

    #[test]
    fn our_own_units_leave_the_number_as_it_was_written() {
        for (vital, unit) in [
            (Vital::Spo2, "262688^MDC_DIM_PERCENT^MDC"),
            (Vital::Spo2, "%"),
            (Vital::PerfusionIndex, "262656^MDC_DIM_DIMLESS^MDC"),
            (Vital::HeartRate, "0004-0aa0^bpm^MDIL"),
            (Vital::PulseRate, "{beat}/min^{beat}/min^UCUM"),
            (Vital::RespRate, "rpm"),
            (Vital::Nibp, "mm[Hg]"),
            (Vital::Temp, "Cel"),
            (Vital::Temp, "0004-1710^C^MDIL"),
            (Vital::Nibp, ""),
        ] {
            assert_eq!(convert(vital, "40.50", unit).as_deref(), Some("40.50"), "{unit}");
        }
    }

    #[test]
    fn a_unit_is_known_however_it_is_spelt() {
        for (vital, value, units) in [
            (
                Vital::PulseRate,
                "71",
                "BPM|b.p.m.|beats/minute|Beats / Min|beats per minute|{Beats}/min|/MIN|per min|\
                 (beats)/min|bts/min|b/min|pulses/min|1/min|min-1|min^-1|x^{beat}/min^UCUM|ppm",
            ),
            (
                Vital::RespRate,
                "14",
                "RPM|br/min|Breaths/minute|breaths per min|resp/min|/min|r/min",
            ),
            (
                Vital::Spo2,
                "91",
                "% SpO2|%O2|PCT|Percent|% Sat|%|262688|262688^x^y|^MDC_DIM_PERCENT",
            ),
            (Vital::Nibp, "128", "mm Hg|MMHG|mm(Hg)|mm [Hg]|mm. Hg|Torr|x^millimeters of mercury"),
            (Vital::Temp, "36.6", "℃|°C|deg C|Degrees Celsius|CEL|Celsius|C.|[degC]|N/A|-|\"\""),
        ] {
            for unit in units.split('|') {
                let found = convert(vital, value, &unit.replace("min^-1", "min\\S\\-1"));
                assert_eq!(found.as_deref(), Some(value), "{vital} {unit:?}");
            }
        }
        assert_eq!(convert(Vital::Temp, "98.6", "℉").as_deref(), Some("37.0"));
        assert_eq!(convert(Vital::Nibp, "16.0", "Kilo pascal").as_deref(), Some("120.0"));
    }

    #[test]
    fn no_unit_is_ours_where_the_size_leaves_no_doubt() {
        assert_eq!(convert(Vital::Temp, "98.6", "").as_deref(), Some("37.0"));
        assert_eq!(convert(Vital::Temp, "38.2", "").as_deref(), Some("38.2"));
        assert_eq!(convert(Vital::Etco2, "38", "").as_deref(), Some("38"));
        assert_eq!(convert(Vital::Etco2, "5.1", ""), None, "mmHg, kPa or percent");
        assert_eq!(convert(Vital::Etco2, "5.1", "mmHg").as_deref(), Some("5.1"));
    }

    #[test]
    fn kilopascals_and_fahrenheit_are_converted_to_one_decimal() {
        assert_eq!(convert(Vital::Nibp, "16.0", "kPa").as_deref(), Some("120.0"));
        assert_eq!(convert(Vital::Etco2, "5.1", "265987^x^MDC").as_deref(), Some("38.3"));
        assert_eq!(convert(Vital::Temp, "98.6", "[degF]").as_deref(), Some("37.0"));
        let odd_number = "268224^MDC_DIM_FAHR^MDC";
        assert_eq!(convert(Vital::Temp, "99.5", odd_number).as_deref(), Some("37.5"));
    }

    #[test]
    fn a_unit_that_cannot_be_the_vitals_is_refused() {
        assert_eq!(convert(Vital::Spo2, "97", "bpm"), None);
        assert_eq!(convert(Vital::Etco2, "5", "%"), None);
        assert_eq!(convert(Vital::Nibp, "120", "cmH2O"), None);
        for unit in ["beats/hour", "beats", "minute", "mg/min", "l/min", "per", "/", "mmol/l", "%%"]
        {
            assert_eq!(convert(Vital::PulseRate, "71", unit), None, "{unit}");
        }
    }
}
