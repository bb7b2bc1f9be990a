use super::*;
use crate::adapters::hl7::measure::Cuff;
use crate::adapters::hl7::message::Message;

fn of_row(obx3: &str) -> Meaning {
    let text = format!("MSH|^~\\&|\rOBX|1|NM|{obx3}|");
    let message = Message::parse(&text).unwrap();
    meaning(&message.segment("OBX").unwrap().first(3))
}

fn number(vital: Vital) -> Meaning {
    Meaning::Measures(Measure::Number(vital))
}

fn cuff_part(part: Cuff) -> Measure {
    Measure::Pressure { part, by_cuff: true }
}

#[test]
fn each_system_has_its_codes() {
    for (obx3, vital) in [
        ("150456^MDC_PULS_OXIM_SAT_O2^MDC", Vital::Spo2),
        ("150456^SpO2^MDC", Vital::Spo2),
        ("150456^^mdc", Vital::Spo2),
        ("147842^MDC_ECG_HEART_RATE", Vital::HeartRate),
        ("0002-4BB8^SpO2^MDIL", Vital::Spo2),
        ("0002-4182^HR_Pulse^MDIL", Vital::HeartRate),
        ("0002-4822^Pulse^MDIL", Vital::PulseRate),
        ("0002-4b60^Tcore^MDIL", Vital::Temp),
        ("0002-5000^^MDIL", Vital::RespRate),
        ("8889-8^Heart rate by oximetry^LN", Vital::PulseRate),
        ("8867-4^Puls^LOINC", Vital::HeartRate),
        ("327680^SPO2_SPO2^EHC", Vital::Spo2),
        ("76282-3^Heart rate by EKG^LN", Vital::HeartRate),
        ("2708-6^Oxygen saturation in Arterial blood^LOINC", Vital::Spo2),
        ("8331-1^Oral temperature^LN", Vital::Temp),
        ("59408-5", Vital::Spo2),
        ("8867-4^HR^L", Vital::HeartRate),
        ("150456^SpO2", Vital::Spo2),
        ("101^HR", Vital::HeartRate),
        ("160^SpO2", Vital::Spo2),
        ("200^T1", Vital::Temp),
    ] {
        assert_eq!(of_row(obx3), number(vital), "{obx3}");
    }
    assert_eq!(of_row("393219^NIBP_PR^EHC"), Meaning::Measures(Measure::CuffPulse));
}

#[test]
fn a_cuff_s_pressure_is_known_by_its_newer_codes_and_in_one_row() {
    for (obx3, part) in [
        ("76534-7^Systolic blood pressure by Noninvasive^LN", Cuff::Systolic),
        ("76535-4^^LN", Cuff::Diastolic),
        ("SYS^NIBP^L^76536-2^Mean blood pressure by Noninvasive^LN", Cuff::Mean),
        ("170^NIBP-S", Cuff::Systolic),
    ] {
        assert_eq!(of_row(obx3), Meaning::Measures(cuff_part(part)), "{obx3}");
    }
    for (obx3, by_cuff) in [
        ("85354-9^Blood pressure panel with all children optional^LN", false),
        ("55284-4^Blood pressure systolic and diastolic^LN", false),
        ("35094-2^Blood pressure panel^LN", false),
        ("150020^MDC_PRESS_BLD_NONINV^MDC", true),
    ] {
        assert_eq!(of_row(obx3), Meaning::Measures(Measure::Pressures { by_cuff }), "{obx3}");
    }
    assert_eq!(of_row("76215-3^Invasive Systolic blood pressure^LN"), Meaning::Other);
    assert_eq!(of_row("85354-9^Heart rate^LN"), Meaning::Contradiction);
    assert_eq!(of_row("85354-9^Arterial line^LN"), Meaning::Contradiction);
}

#[test]
fn both_triples_are_looked_at() {
    let second = of_row("77^Sat^99LOCAL^150456^MDC_PULS_OXIM_SAT_O2^MDC");
    assert_eq!(second, number(Vital::Spo2));
    let both = of_row("149530^MDC_PULS_OXIM_PULS_RATE^MDC^8867-4^Heart rate^LN");
    assert_eq!(both, number(Vital::PulseRate));
    let different = of_row("150456^MDC_PULS_OXIM_SAT_O2^MDC^8867-4^Heart rate^LN");
    assert_eq!(different, Meaning::Contradiction);
    let line = of_row("150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC^8480-6^Systolic^LN");
    assert_eq!(line, Meaning::Other);
}

#[test]
fn the_name_is_trusted_within_one_vital() {
    let unknown_number = of_row("150031^MDC_PRESS_CUFF_SYS^MDC");
    assert_eq!(unknown_number, Meaning::ByName(cuff_part(Cuff::Systolic)));
    let other_part = of_row("150021^MDC_PRESS_BLD_NONINV_DIA^MDC");
    assert_eq!(other_part, Meaning::ByName(cuff_part(Cuff::Diastolic)));
    let same = of_row("150301^MDC_PRESS_BLD_NONINV_SYS^MDC");
    assert_eq!(same, Meaning::Measures(cuff_part(Cuff::Systolic)));
}

#[test]
fn a_name_never_makes_a_different_vital() {
    for obx3 in [
        "150456^MDC_ECG_HEART_RATE^MDC",
        "150033^MDC_PRESS_CUFF_SYS^MDC",
        "150021^MDC_PRESS_BLD_ART_SYS^MDC",
        "150021^ABPs^MDC",
        "8480-6^Arterial line systolic^LN",
        "8480-6^Diastolic^LN",
    ] {
        assert_eq!(of_row(obx3), Meaning::Contradiction, "{obx3}");
    }
}

#[test]
fn an_mdil_label_that_contradicts_is_refused() {
    for obx3 in
        ["0002-5000^SML^MDIL", "0002-4182^Pulse^MDIL", "0002-4a05^NBPd^MDIL", "0002-4a05^ABPs^MDIL"]
    {
        assert_eq!(of_row(obx3), Meaning::Contradiction, "{obx3}");
    }
}

#[test]
fn lines_waves_differences_and_strangers_are_not_vitals() {
    for obx3 in [
        "150034^MDC_PRESS_BLD_ART_DIA^MDC",
        "150045^MDC_PRESS_BLD_ART_PULM_SYS^MDC",
        "150087^MDC_PRESS_BLD_VEN_CENT_MEAN^MDC",
        "0002-4a15^ABPs^MDIL",
        "150468^MDC_PULS_OXIM_SAT_O2_DIFF^MDC",
        "188440^MDC_TEMP_DIFF^MDC",
    ] {
        assert_eq!(of_row(obx3), Meaning::Other, "{obx3}");
    }
    for obx3 in [
        "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC",
        "2^SpO2 low^99X",
        "150456",
        "150456^Heart rate",
        "101^Room",
        "101^HR^99X",
        "160^HR",
        "8867-4^Room^L",
        "20564-1^Oxygen saturation in Blood^LN",
        "",
    ] {
        assert_eq!(of_row(obx3), Meaning::Unknown, "{obx3}");
    }
}
