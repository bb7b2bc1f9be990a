//! Units as senders write them, and values in ours (PROTOCOLS a1, a2).

use super::message::Part;
use crate::vitals::{Decimal, Vital};

/// One millimetre of mercury is so many kilopascals' part: kPa × this = mmHg.
const MMHG_PER_KPA: f64 = 7.500_62;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Percent,
    PerMinute,
    MmHg,
    Kilopascal,
    Celsius,
    Fahrenheit,
    None,
}

/// Numbers of MDC and MDIL, names of MDC, UCUM and what is simply printed; all in lower case.
const UNITS: &[(Unit, &[&str])] = &[
    (Unit::Percent, &["262688", "mdc_dim_percent", "0004-0220", "%", "percent"]),
    (
        Unit::PerMinute,
        &[
            "264864",
            "mdc_dim_beat_per_min",
            "264928",
            "mdc_dim_resp_per_min",
            "0004-0aa0",
            "0004-0ae0",
            "/min",
            "1/min",
            "min-1",
            "{beat}/min",
            "{beats}/min",
            "{resp}/min",
            "{breath}/min",
            "{breaths}/min",
            "bpm",
            "rpm",
            "brpm",
            "beats/min",
            "breaths/min",
        ],
    ),
    (Unit::MmHg, &["266016", "mdc_dim_mmhg", "0004-0f20", "mm[hg]", "mmhg", "mm(hg)"]),
    (Unit::Kilopascal, &["265987", "mdc_dim_kilo_pascal", "kpa"]),
    (
        Unit::Celsius,
        &["268192", "mdc_dim_degc", "0004-17a0", "0004-1710", "cel", "c", "degc", "°c"],
    ),
    // The numbers seen beside the name differ (268160, 268224): the name is what counts.
    (Unit::Fahrenheit, &["266560", "mdc_dim_fahr", "[degf]", "f", "degf", "°f"]),
    (Unit::None, &["262656", "mdc_dim_dimless", "1"]),
];

/// The unit is missing from the tables, or no unit of this vital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WrongUnit;

/// `value` in the unit of `vital`. Without any unit it is taken to be in ours: what is then
/// impossible is refused by its range.
pub(super) fn converted(
    vital: Vital,
    value: Decimal,
    obx6: &Part<'_>,
) -> Result<Decimal, WrongUnit> {
    let unit = unit_of(obx6)?;
    let rounded = |value: f64| Decimal::rounded(value, 1).ok_or(WrongUnit);
    match (vital, unit) {
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

/// Name before number, first triple before second; `None` when the field is empty.
fn unit_of(obx6: &Part<'_>) -> Result<Option<Unit>, WrongUnit> {
    let mut said_something = false;
    for number in [2, 1, 5, 4] {
        let text = obx6.component(number).text().to_lowercase().replace(' ', "");
        said_something |= !text.is_empty();
        let found = UNITS.iter().find(|(_, names)| names.contains(&text.as_str()));
        if let Some((unit, _)) = found {
            return Ok(Some(*unit));
        }
    }
    if said_something { Err(WrongUnit) } else { Ok(None) }
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
        let converted = converted(vital, value, &obx.first(6)).ok()?;
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
    }
}
