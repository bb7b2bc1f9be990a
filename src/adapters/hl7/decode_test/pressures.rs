use super::*;

#[test]
fn parts_of_the_same_inflation_are_one_reading_and_of_two_are_two() {
    let at = |row: &str, time: &str| format!("{row}|||{time}");
    let first = [at(SYS, "20261005115000"), at(DIA, "20261005115000")];
    let second = [at(SYS, "20261005115500"), at(MEAN, "20261005115500")];
    let rows: Vec<&str> = first.iter().chain(&second).map(String::as_str).collect();
    let expected = ["nibp 131/84/- -600s", "nibp 131/-/99.5 -300s"];
    assert_eq!(described(&rows), expected);
}

#[test]
fn two_cuffs_at_the_same_time_are_kept_apart_by_channel() {
    let other_sys = "OBX|2|NM|150021^^MDC|1.4.9.1|118|mmHg";
    let other_dia = "OBX|2|NM|150022^^MDC|1.4.9.2|84|mmHg";
    let described = described(&[SYS, DIA, other_sys, other_dia]);
    assert_eq!(described, ["nibp[1.1.9] 131/84/-", "nibp[1.4.9] 118/84/-"]);
}

#[test]
fn a_cuff_part_without_a_value_is_left_out_and_all_without_are_absent() {
    let no_dia = "OBX|3|NM|150022^^MDC||-100|mmHg|||||R";
    assert_eq!(described(&[SYS, no_dia]), ["nibp 131/-/-"]);
    let no_sys = "OBX|3|NM|150021^^MDC|||mmHg||BUSY|||X";
    assert_eq!(described(&[no_sys, no_dia]), ["nibp measuring"]);
    let doubtful = "OBX|3|NM|150022^^MDC||84|mmHg||QUES|||R";
    assert_eq!(described(&[SYS, doubtful]), ["nibp 131/84/-?"]);
}

#[test]
fn a_lone_diastolic_is_kept() {
    let row = "OBX||NM|0002-4a06^NBPd^MDIL||72|0004-0f20^mmHg^MDIL|||||F";
    assert_eq!(described(&[row]), ["nibp -/72/-"]);
}

#[test]
fn arterial_and_pulmonary_pressures_are_no_cuff_pressures() {
    let rows = [
        "OBX|1|NM|150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC||140|mmHg|||||R",
        "OBX|2|NM|0002-4a1d^PAPs^MDIL||25|mmHg|||||R",
        "OBX|3|NM|150017^MDC_PRESS_BLD_SYS^MDC||141|mmHg|||||R||||||ART^x",
    ];
    assert_eq!(described(&rows), Vec::<String>::new());
    assert_eq!(message(&rows).outcome, Some(Outcome::Accepted));
}

#[test]
fn a_pressure_of_unsaid_origin_is_the_cuffs_only_without_a_cuff_beside_it() {
    let unsaid = "OBX|3|NM|150017^MDC_PRESS_BLD_SYS^MDC||141|mmHg|||||R";
    assert_eq!(described(&[unsaid]), ["nibp 141/-/-"]);
    assert_eq!(described(&[unsaid, SYS]), ["nibp 131/-/-"]);
}

#[test]
fn a_pulse_of_the_cuff_is_one_value_with_its_own_time() {
    let by_code = "OBX|1|NM|149546^MDC_PULS_RATE_NON_INV^MDC||63|bpm|||||R|||20261005120000";
    assert_eq!(described(&[by_code]), ["pulse_rate[cuff] 63 0s"]);
    let by_method = "OBX|1|NM|0002-480a^Pulse^MDIL||63|bpm|||||R||||||NBP";
    let timeless = "OBX|1|NM|393219^NIBP_PR^EHC||63|bpm|||||R";
    assert_eq!(described(&[timeless]), ["pulse_rate[cuff] 63 0s"]);
    let clip = "OBX|1|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.1|70|bpm|||||R";
    let order = "OBR|1||||||20261005115900";
    let expected = ["pulse_rate 70", "pulse_rate[cuff] 63 -60s"];
    assert_eq!(described(&[order, clip, by_method]), expected);
}

#[test]
fn a_pressure_in_one_row_is_one_reading() {
    let row = |code: &str, value: &str, unit: &str| {
        described(&[&format!("OBX|1|ST|{code}||{value}|{unit}|||||F|||20261005115500")])
    };
    let whole = ["nibp 207/118/- -300s"];
    assert_eq!(row("85354-9^Blood pressure panel^LN", "207/118", "mm[Hg]"), whole);
    assert_eq!(row("55284-4^Blood pressure systolic and diastolic^LN", "207/118", ""), whole);
    assert_eq!(row("BP^BP^L^35094-2^Blood pressure panel^LN", "^207^/^118", "mm Hg"), whole);
    assert_eq!(row("85354-9^^LN", "207/118 (148)", "mmHg"), ["nibp 207/118/148 -300s"]);
    assert_eq!(row("85354-9^^LN", "27,6/15,7", "kPa"), ["nibp 207.0/117.8/- -300s"]);
    assert_eq!(row("85354-9^^LN", "118/207", "mmHg"), [""; 0], "refused as impossible");
    // Besides the named parts, the panel gives the same pressure once more.
    let parts = [
        "OBX|1|ST|85354-9^^LN||207/118|mmHg|||||F",
        "OBX|2|NM|76534-7^^LN||207|mmHg|||||F",
        "OBX|3|NM|76535-4^^LN||118|mmHg|||||F",
        "OBX|4|NM|8478-0^^LN||148|mmHg|||||F",
    ];
    assert_eq!(described(&parts), ["nibp 207/118/-"]);
}

#[test]
fn a_low_pressure_without_a_unit_may_be_in_kilopascals() {
    let pressure = |systolic: &str, diastolic: &str| {
        let sys = format!("OBX|1|NM|150021^^MDC||{systolic}|");
        let dia = format!("OBX|2|NM|150022^^MDC||{diastolic}|");
        described(&[&sys, &dia])
    };
    assert_eq!(pressure("128", "31"), ["nibp 128/31/-"]);
    assert_eq!(pressure("17.1", "10.5"), [""; 0]);
    assert_eq!(not_understood(&["OBX|1|NM|150023^^MDC||13.3|"]), ["150023  -"]);
    assert_eq!(described(&["OBX|1|NM|150023^^MDC||33|mmHg"]), ["nibp -/-/33"]);
}
