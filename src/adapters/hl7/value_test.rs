use super::*;
use crate::adapters::hl7::message::Message;

/// `tail` is OBX-5 and what follows.
fn read(vital: Vital, tail: &str) -> Result<RowValue, NotRead> {
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
        "97%|",
        "97 %|%",
        "+97|%",
        "97.|%",
        "97,0|pct",
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
    assert_eq!(busy, Sample::Absent(Absent::Invalid), "BUSY is for OBX-8 only");
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
fn a_bound_is_its_number_with_a_sign() {
    for (vital, tail, number, bound) in [
        (Vital::Spo2, "<60|%", 60, Bound::Below),
        (Vital::Spo2, "<^60|%", 60, Bound::Below),
        (Vital::Spo2, "60|%||<", 60, Bound::Below),
        (Vital::Spo2, "> 99%|", 99, Bound::Above),
        (Vital::PulseRate, ">240|bpm", 240, Bound::Above),
        (Vital::HeartRate, ">=^300|/min||HH~>", 300, Bound::Above),
    ] {
        let valued = read(vital, tail).unwrap();
        assert_eq!(valued.sample, Sample::Measured(Decimal::whole(number), Quality::Good));
        assert_eq!(valued.bound, Some(bound), "{tail}");
    }
    assert_eq!(read(Vital::Spo2, "97|%||L").unwrap().bound, None);
}

#[test]
fn a_correction_replaces_and_a_withdrawal_takes_back() {
    let revision = |tail: &str| read(Vital::Spo2, tail).unwrap().revision;
    assert_eq!(revision("97|%|||||F"), Revision::New);
    assert_eq!(revision("97|%|||||C"), Revision::Corrects);
    assert_eq!(revision("97|%||QUES|||c"), Revision::Corrects);
    for tail in
        ["97|%|||||W", "|%|||||W", "97|%|||||D", "||||||d", "smooth|x|||||W", "1^2^3||||||D"]
    {
        let valued = read(Vital::Spo2, tail).unwrap();
        assert_eq!(valued.revision, Revision::Withdraws, "{tail}");
        assert_eq!(valued.sample, Sample::Absent(Absent::Invalid), "{tail}");
    }
    assert_eq!(revision("|%|||||C"), Revision::Withdraws, "corrected to nothing");
    assert_eq!(revision("97|%||INV|||C"), Revision::Withdraws);
    assert_eq!(revision("97|%|||||X"), Revision::New);
}

#[test]
fn flags_that_say_there_is_no_value_are_heard_whatever_number_is_sent() {
    for flag in ["BUSY", "OUT", "NAV", "N/A", "Err", "standby", "MSETNG", "L~INV", "No Signal"] {
        let tail = format!("97|%||{flag}|||F");
        assert_eq!(sample(Vital::Spo2, &tail), Sample::Absent(Absent::Invalid), "{flag}");
    }
    for flag in ["OFF", "LeadOff", "probe off", "L~OFF"] {
        let tail = format!("97|%||{flag}|||F");
        assert_eq!(sample(Vital::Spo2, &tail), Sample::Absent(Absent::SensorOff), "{flag}");
    }
    assert_eq!(sample(Vital::Nibp, "128|mmHg||BUSY|||F"), Sample::Absent(Absent::Measuring));
    assert_eq!(sample(Vital::Nibp, "128|mmHg||OFF|||F"), Sample::Absent(Absent::Invalid));
    for flag in ["N", "L", "HH", "A", "L~PM~SP", "VALD", "", "A^B"] {
        let tail = format!("97|%||{flag}|||F");
        let expected = Sample::Measured(Decimal::whole(97), Quality::Good);
        assert_eq!(sample(Vital::Spo2, &tail), expected, "{flag}");
    }
}

#[test]
fn what_is_no_number_is_not_read() {
    for tail in ["smooth|", "1e2|", "97^98^99|", "97-98|", "1,013|", "N97|"] {
        assert_eq!(read(Vital::Spo2, tail), Err(NotRead::Form), "{tail}");
    }
}

#[test]
fn a_wrong_unit_refuses_the_value() {
    for tail in ["97|bpm", "97 bpm|%", "97%|bpm", "97|apples", "97%|apples"] {
        assert_eq!(read(Vital::Spo2, tail), Err(NotRead::Unit), "{tail}");
    }
}

fn parts(tail: &str) -> Result<Vec<RowValue>, NotRead> {
    let text = format!("MSH|^~\\&|\rOBX|1|ST|code|sub|{tail}");
    let message = Message::parse(&text).unwrap();
    pressures_of(&message.segment("OBX").unwrap())
}

#[test]
fn a_row_of_a_whole_pressure_is_its_parts() {
    let read = parts("131/79/96|mmHg|||||C").unwrap();
    let numbers: Vec<_> = read.iter().map(|valued| valued.sample).collect();
    let good = |n| Sample::Measured(Decimal::whole(n), Quality::Good);
    assert_eq!(numbers, [good(131), good(79), good(96)]);
    assert!(read.iter().all(|valued| valued.revision == Revision::Corrects));
    assert_eq!(parts("|mmHg|||||F"), Ok(Vec::new()), "the heading of a panel");
    assert_eq!(parts("|||||||X"), Ok(Vec::new()));
    assert_eq!(parts("131/79||||||W").unwrap()[0].revision, Revision::Withdraws);
    assert_eq!(parts("|||BUSY|||X").unwrap()[0].sample, Sample::Absent(Absent::Measuring));
    assert_eq!(parts("131|mmHg"), Err(NotRead::Form));
    assert_eq!(parts("131/79|%"), Err(NotRead::Unit));
}
