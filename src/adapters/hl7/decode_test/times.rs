use super::*;

#[test]
fn times_are_chosen_row_then_order_then_message() {
    let order = "OBR|1||||||20261005115900";
    let own = format!("{SPO2}|||20261005115800");
    let decoded = message(&[order, &own, SYS]);
    let frame = decoded.frame.unwrap();
    assert_eq!(frame.sent_at, Some(Millis(NOON)));
    assert_eq!(frame.taken_at, Some(Millis(NOON - 60_000)));
    let described: Vec<_> = frame.readings.iter().map(describe).collect();
    assert_eq!(described, ["spo2 96 -120s", "nibp 131/-/-"]);
}

#[test]
fn the_orders_time_may_stand_in_three_places() {
    for order in [
        "OBR|1||||||20261005115900",
        "OBR|1|||||||20261005115900",
        "OBR|1|||||||||||||20261005115900",
        "OBR|1||||||00000000000000|20261005115900",
        "OBR|1||||||20261005135900000+0200",
    ] {
        let frame = message(&[order, SPO2]).frame.unwrap();
        assert_eq!(frame.taken_at, Some(Millis(NOON - 60_000)), "{order}");
    }
}

#[test]
fn each_order_s_rows_have_its_time() {
    let rows = ["OBR|1||||||20261005115900", SPO2, "OBR|2||||||20261005115800", SYS, "OBR|3", DIA];
    let expected = ["spo2 96", "nibp 131/-/- -120s", "nibp -/84/-"];
    assert_eq!(described(&rows), expected);
}

#[test]
fn an_aperiodic_value_keeps_its_time_even_if_it_is_the_messages() {
    let row = format!("{SYS}|||20261005120000|||^APERIODIC");
    assert_eq!(described(&[&row]), ["nibp 131/-/- 0s"]);
    let periodic = format!("{SYS}|||20261005120000");
    assert_eq!(described(&[&periodic]), ["nibp 131/-/-"]);
}

#[test]
fn a_time_that_is_none_is_no_problem_and_one_that_is_nonsense_is() {
    let none = format!("{SPO2}|||00000000000000");
    assert_eq!(message(&[&none]).problems, Vec::<String>::new());
    let nonsense = format!("{SPO2}|||20269905120000");
    let decoded = message(&[&nonsense]);
    assert_eq!(decoded.problems, ["a time field holds no time"]);
    assert_eq!(decoded.frame.unwrap().readings[0].taken_at, None);
}
