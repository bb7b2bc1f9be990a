//! What no living patient shows: such values are refused and counted; they are never shown and
//! never raise an alarm (clinical.md#impossible-values).

use super::{Decimal, Pressure, Vital};

fn check_range(what: &str, value: Decimal, (low, high): (i32, i32)) -> Result<(), String> {
    if value < Decimal::whole(low) || value > Decimal::whole(high) {
        return Err(format!("{what} must be {low}..={high}, got {value}"));
    }
    Ok(())
}

/// Refuses a value outside its range with a sentence that names the range.
pub fn check_number(vital: Vital, value: Decimal) -> Result<(), String> {
    check_range(vital.name(), value, vital.range())
}

/// Refuses a pressure without parts, a part outside its range, or a diastolic that is not
/// below the systolic.
pub fn check_pressure(pressure: &Pressure) -> Result<(), String> {
    let Pressure { systolic, diastolic, mean } = *pressure;
    if let (None, None, None) = (systolic, diastolic, mean) {
        return Err("nibp needs at least one of systolic, diastolic, mean".to_owned());
    }
    let parts = [
        ("systolic", systolic, (30, 300)),
        ("diastolic", diastolic, (10, 250)),
        ("mean", mean, (10, 300)),
    ];
    for (what, value, range) in parts {
        value.map_or(Ok(()), |value| check_range(what, value, range))?;
    }
    match (systolic, diastolic) {
        (Some(systolic), Some(diastolic)) if diastolic >= systolic => {
            Err(format!("diastolic must be below systolic, got {systolic}/{diastolic}"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_outside_its_range_is_refused_in_words() {
        let refusal = check_number(Vital::Spo2, Decimal::whole(130));
        assert_eq!(refusal, Err("spo2 must be 1..=100, got 130".to_owned()));
        for value in [1, 100] {
            assert_eq!(check_number(Vital::Spo2, Decimal::whole(value)), Ok(()));
        }
        assert!(check_number(Vital::HeartRate, Decimal::whole(0)).is_err());
    }

    #[test]
    fn a_pressure_needs_a_part_and_a_diastolic_below_its_systolic() {
        let pressure = |systolic: Option<i32>, diastolic: Option<i32>| Pressure {
            systolic: systolic.map(Decimal::whole),
            diastolic: diastolic.map(Decimal::whole),
            mean: None,
        };
        assert!(check_pressure(&pressure(None, None)).is_err());
        assert!(check_pressure(&pressure(Some(80), Some(80))).is_err());
        assert!(check_pressure(&pressure(Some(301), None)).is_err());
        assert_eq!(check_pressure(&pressure(None, Some(69))), Ok(()));
        assert_eq!(check_pressure(&pressure(Some(128), Some(82))), Ok(()));
    }
}
