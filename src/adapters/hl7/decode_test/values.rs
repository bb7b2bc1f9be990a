use super::*;

#[test]
fn a_heart_rate_that_the_clip_measured_is_a_pulse_rate() {
    let row = "OBX|1|NM|0002-4182^HR_Pulse^MDIL||63|bpm|||||R||||||SpO2";
    assert_eq!(described(&[row]), ["pulse_rate 63"]);
}

#[test]
fn channels_are_named_only_where_a_vital_comes_twice() {
    let artery = "OBX|1|NM|149522^MDC_BLD_PULS_RATE_INV^MDC|1.7|71|bpm|||||R";
    let clip = "OBX|1|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.2|70|bpm|||||R";
    assert_eq!(described(&[clip]), ["pulse_rate 70"]);
    let both = ["pulse_rate[1.7] 71", "pulse_rate[1.2] 70"];
    assert_eq!(described(&[artery, clip]), both);
    let temps = ["OBX||NM|0002-f0c7^Temp^MDIL|0|36.6|C", "OBX||NM|0002-f0c8^Temp^MDIL|0|36.4|C"];
    assert_eq!(described(&temps), ["temp[0002-f0c7] 36.6", "temp[0002-f0c8] 36.4"]);
}

#[test]
fn of_two_rows_that_nothing_tells_apart_the_one_with_a_number_is_used() {
    let none = SPO2.replace("|96|", "||");
    let other = SPO2.replace("|96|", "|91|");
    assert_eq!(described(&[&none, SPO2]), ["spo2 96"]);
    assert_eq!(described(&[SPO2, &other]), ["spo2 96"]);
    assert_eq!(message(&[SPO2, &other]).problems.len(), 1);
    assert_eq!(message(&[SPO2, SPO2]).problems.len(), 0);
}

#[test]
fn impossible_values_are_refused_counted_and_do_not_hide_the_others() {
    let high = SPO2.replace("|96|", "|180|");
    let decoded = message(&[&high, SYS, &DIA.replace("|84|", "|131|")]);
    let frame = decoded.frame.unwrap();
    assert!(frame.readings.is_empty());
    assert_eq!((frame.implausible, decoded.problems.len()), (2, 2));
    assert_eq!(decoded.outcome, Some(Outcome::Accepted));
    let decoded = message(&[&high, SYS]);
    let frame = decoded.frame.unwrap();
    assert_eq!((frame.implausible, frame.readings.len()), (1, 1));
}

#[test]
fn structure_alarm_texts_and_waves_are_no_readings() {
    let rows = [
        "OBR|1|||182777000^monitoring of patient^SCT",
        "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X",
        "OBX|2||150020^MDC_PRESS_BLD_NONINV^MDC|1.0.1|||||||X",
        "OBX|3|ST|8716-3^Panel^LN||120/80",
        "OBR|2|||ALARM",
        "OBX|1|TX|1^Red^MDIL||** SpO2 82 < 85",
        "OBX|2|NM|0002-4bb8^SpO2^MDIL||82|%",
        "OBR|3|||100001^CONTINUOUS WAVEFORM^99LOCAL",
        "OBX|1|NA|150456^^MDC||1^2^3",
    ];
    let decoded = message(&rows);
    let frame = decoded.frame.unwrap();
    assert_eq!(
        (frame.readings.len(), frame.implausible),
        (0, 0),
        "its monitor is there all the same"
    );
    assert_eq!(decoded.problems, Vec::<String>::new());
}

#[test]
fn what_is_not_understood_is_told_by_code_and_unit_each_once() {
    let rows = [
        SPO2,
        "OBX|1|NM|PEEP^Peak pressure^99X||5|cmH2O|||||F",
        "OBX|2|NM|PEEP^Peak pressure^99X||6|cmH2O|||||F",
        "OBX|3|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.2.1.9|91|apples|||||F",
        "OBX|4|ST|147842^MDC_ECG_HEART_RATE^MDC||smooth|/min|||||F",
        "OBX|5|NM|^^^20564-1^Oxygen saturation in Blood^LN||91|%|||||F",
        "OBX|6|NM|150456^MDC_ECG_HEART_RATE^MDC||91|%|||||F",
        "OBX|7|ST|85354-9^Blood pressure panel^LN||131|mmHg|||||F",
        "OBX|8|NM|^Speed^99X||7||||||F",
        // A line's pressure and a heading are known; a wave, a structure and an alarm are not
        // values.
        "OBX|9|NM|150033^MDC_PRESS_BLD_ART_SYS^MDC||120|mmHg|||||F",
        "OBX|10|ST|85354-9^Blood pressure panel^LN||||||||F",
        "OBX|11|NA|131328^MDC_ECG_ELEC_POTL^MDC||1^2^3||||||F",
        "OBX|12||69965^MDC_DEV_MON^MDC|1.0.0.0|||||||X",
        "OBR|2|||ALARM",
        "OBX|1|TX|1^Red^MDIL||** SpO2 82 < 85",
    ];
    assert_eq!(
        not_understood(&rows),
        [
            "PEEP cmH2O Peak pressure",
            "150456 apples MDC_PULS_OXIM_SAT_O2",
            "147842 /min MDC_ECG_HEART_RATE",
            "20564-1 % Oxygen saturation in Blood",
            "150456 % MDC_ECG_HEART_RATE",
            "85354-9 mmHg Blood pressure panel",
            "Speed  -",
        ]
    );
    assert_eq!(described(&rows), ["heart_rate invalid", "spo2 96"], "what is understood is used");
}

#[test]
fn a_bound_is_told_with_its_side() {
    let row = |value: &str| format!("OBX|1|SN|150456^^MDC||{value}|%|||||F");
    for (value, expected) in [("<60", "spo2 <60"), ("<^60", "spo2 <60"), (">100", "spo2 >100")] {
        assert_eq!(described(&[&row(value)]), [expected], "{value}");
    }
    let pressure = |systolic: &str, diastolic: &str| {
        let sys = format!("OBX|1|NM|150021^^MDC||{systolic}|mmHg");
        let dia = format!("OBX|2|NM|150022^^MDC||{diastolic}|mmHg");
        described(&[&sys, &dia])
    };
    assert_eq!(pressure(">250", "131"), ["nibp >250/131/-"]);
    assert_eq!(pressure("61", "<30"), ["nibp <61/30/-"]);
    assert_eq!(pressure("207,0", "118,0"), ["nibp 207.0/118.0/-"]);
    assert_eq!(message(&[&row("<0")]).frame.unwrap().implausible, 1, "nonsense is refused");
}

#[test]
fn corrections_and_withdrawals_are_told_with_the_time_of_what_they_mean() {
    let part = |code: u32, value: &str, status: &str| {
        format!("OBX|1|NM|{code}^^MDC||{value}|mmHg|||||{status}|||20261005115500")
    };
    let told_of = |rows: &[String]| {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        described(&rows)
    };
    let (sys, dia, mean) = (150_021, 150_022, 150_023);
    let all = |status: &str| {
        told_of(&[part(sys, "204", status), part(dia, "121", status), part(mean, "148", status)])
    };
    assert_eq!(all("F"), ["nibp 204/121/148 -300s"]);
    assert_eq!(all("C"), ["nibp 204/121/148 -300s corrects"]);
    assert_eq!(all("W"), ["nibp invalid -300s withdraws"]);
    assert_eq!(all("D"), ["nibp invalid -300s withdraws"]);
    let empty = told_of(&[part(sys, "", "W"), part(dia, "", "W")]);
    assert_eq!(empty, ["nibp invalid -300s withdraws"]);
    let one = told_of(&[part(sys, "124", "C")]);
    assert_eq!(one, ["nibp 124/-/- -300s corrects"], "the ward knows the other parts");
    let one_beside_others = told_of(&[part(sys, "124", "C"), part(dia, "121", "F")]);
    assert_eq!(one_beside_others, ["nibp 124/121/- -300s corrects"]);
    let one_taken_back = told_of(&[part(sys, "204", "W"), part(dia, "121", "F")]);
    assert_eq!(one_taken_back, ["nibp -/121/- -300s corrects"]);
    let one_alone = told_of(&[part(sys, "204", "W")]);
    assert_eq!(one_alone, ["nibp invalid -300s withdraws"]);
    let replaced = told_of(&[part(sys, "204", "W"), part(sys, "124", "F"), part(dia, "78", "F")]);
    assert_eq!(replaced, ["nibp 124/78/- -300s corrects"]);
    let panel = "OBX|1|ST|85354-9^^LN||124/78|mmHg|||||C|||20261005115500".to_owned();
    assert_eq!(told_of(&[panel]), ["nibp 124/78/- -300s corrects"]);

    let spo2 = |value: &str, status: &str| {
        format!("OBX|1|NM|150456^^MDC||{value}|%|||||{status}|||20261005115500")
    };
    assert_eq!(told_of(&[spo2("72", "W")]), ["spo2 invalid -300s withdraws"]);
    assert_eq!(told_of(&[spo2("72", "W"), spo2("97", "F")]), ["spo2 97 -300s corrects"]);
    assert_eq!(told_of(&[spo2("", "C")]), ["spo2 invalid -300s withdraws"]);
}

#[test]
fn a_gateway_that_names_no_system_is_understood_where_code_and_name_agree() {
    let rows = [
        "OBX||NM|101^HR|2101|61||||||F",
        "OBX||NM|160^SpO2|2103|96||||||F",
        "OBX||NM|161^PR|2103|-100.00||||||F",
        "OBX||NM|170^NIBP-S|2105|131||||||F||APERIODIC|20261005115500",
        "OBX||NM|171^NIBP-D|2105|79||||||F||APERIODIC|20261005115500",
        "OBX||NM|52^Height||169.0||||||F",
    ];
    let expected = ["heart_rate 61", "pulse_rate invalid", "spo2 96", "nibp 131/79/- -300s"];
    assert_eq!(described(&rows), expected);
    assert_eq!(not_understood(&rows), ["52  Height"]);
}

#[test]
fn a_vital_without_a_value_is_absent() {
    let row = "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.2|||||||X";
    let reading = &readings(&[row])[0];
    assert_eq!(reading.observation, Observation::Absent(Absent::Invalid));
}
