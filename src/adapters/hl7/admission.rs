//! A message about a patient's stay (`ADT`), as far as check-in needs it (protocols.md#patients).
//! Pure.

use super::message::{Message, Part, Segment};
use super::rows::{Clock, Problems};
use crate::name;
use crate::people::{
    BirthDate, LONGEST_PERSON_NAME, MAX_IDS, NamedId, PatientNews, StayNews, Told,
};

/// What the message says about a patient; `None` if it names none, or says nothing that check-in
/// needs.
pub(super) fn patient_news(
    message: &Message<'_>,
    trigger: &str,
    clock: &Clock<'_>,
) -> Option<PatientNews> {
    let patient = message.segment("PID")?;
    let ids = ids_of(&patient.field(3));
    if ids.is_empty() {
        return None;
    }
    let what = match trigger {
        "A01" | "A04" | "A13" => StayNews::Here,
        "A02" | "A08" | "A31" => StayNews::Changed,
        "A03" | "A11" => StayNews::Left,
        "A40" => StayNews::SameAs(ids_of(&message.segment("MRG")?.field(1))),
        _ => return None,
    };
    let mut problems = Problems::default();
    let mut time = |part: &Part<'_>| clock.read(part, &mut problems);
    let event_at = message.segment("EVN").and_then(|event| time(&event.first(2)));
    let at = event_at.or_else(|| time(&message.header().first(7))).unwrap_or(clock.arrived_at);
    let name = patient.first(5);
    let place = message.segment("PV1").map_or(Told::Nothing, |stay| place_of(&stay));
    Some(PatientNews {
        what,
        at,
        ids,
        family: told(&name.component(1).subcomponents().next().unwrap_or(name.component(1))),
        given: told(&name.component(2)),
        birth_date: match told(&patient.first(7)) {
            Told::Value(text) => BirthDate::of_hl7(&text).map_or(Told::Nothing, Told::Value),
            Told::Empty => Told::Empty,
            Told::Nothing => Told::Nothing,
        },
        sex: told(&patient.first(8).component(1)),
        place,
    })
}

/// `number^check digit^scheme^authority^type`, repeated.
fn ids_of(field: &Part<'_>) -> Vec<NamedId> {
    let id = |repetition: Part<'_>| {
        let Told::Value(number) = told(&repetition.component(1)) else { return None };
        let authority = repetition.component(4);
        let named = authority.subcomponents().map(|part| shortened(&part.text()));
        let authority = named.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        Some(NamedId { number, authority })
    };
    field.repetitions().filter_map(id).take(MAX_IDS).collect()
}

/// `unit^room^bed`, as one line.
fn place_of(stay: &Segment<'_>) -> Told<String> {
    let place = stay.first(3);
    let parts = (1..=3).map(|n| shortened(&place.component(n).text()));
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    match parts.is_empty() {
        true => told(&place),
        false => Told::Value(parts.join(" · ")),
    }
}

fn told(part: &Part<'_>) -> Told<String> {
    if part.raw().trim() == "\"\"" {
        return Told::Empty;
    }
    match part.text().trim() {
        "" => Told::Nothing,
        text => match shortened(text) {
            text if text.is_empty() => Told::Nothing,
            text => Told::Value(text),
        },
    }
}

fn shortened(text: &str) -> String {
    name::cleaned(text, LONGEST_PERSON_NAME)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::vitals::Millis;

    fn news(text: &str) -> Option<PatientNews> {
        let message = Message::parse(text).unwrap();
        let clock = Clock { zone: &TimeZone::UTC, arrived_at: Millis(1_790_000_000_000) };
        patient_news(&message, &super::super::kind::type_of(&message).1, &clock)
    }

    fn id(number: &str, authority: &str) -> NamedId {
        NamedId { number: number.to_owned(), authority: authority.to_owned() }
    }

    const HEAD: &str = "MSH|^~\\&|HIS|WEST|||20261129103000+0000||";

    #[test]
    fn an_admission_says_who_where_and_when() {
        let text = format!(
            "{HEAD}ADT^A01|1|P|2.5\rEVN|A01|20261129102900+0000\r\
             PID|1||4711^^^WEST&1.2.3&ISO^PI~88^^^INS||Quill&van^Testa^B||19800229|F\r\
             PV1|1|O|INF^3^A"
        );
        let news = news(&text).unwrap();
        assert_eq!(news.what, StayNews::Here);
        assert_eq!(news.at, Millis(1_795_948_140_000));
        assert_eq!(news.ids, [id("4711", "WEST"), id("88", "INS")]);
        assert_eq!(news.family, Told::Value("Quill".to_owned()));
        assert_eq!(news.given, Told::Value("Testa".to_owned()));
        assert_eq!(news.birth_date, Told::Value("1980-02-29".parse().unwrap()));
        assert_eq!(news.sex, Told::Value("F".to_owned()));
        assert_eq!(news.place, Told::Value("INF · 3 · A".to_owned()));
    }

    #[test]
    fn an_explicit_null_is_not_an_empty_field() {
        let text = format!("{HEAD}ADT^A08|1|P|2.5\rPID|||7||\"\"^||\"\"|");
        let news = news(&text).unwrap();
        assert_eq!((news.family, news.given), (Told::Empty, Told::Nothing));
        assert_eq!((news.birth_date, news.sex), (Told::Empty, Told::Nothing));
        assert_eq!(news.at, Millis(1_795_948_200_000));
    }

    #[test]
    fn a_merge_names_the_numbers_of_before() {
        let text = format!("{HEAD}ADT^A40^ADT_A39|1|P|2.5\rPID|||7^^^W\rMRG|8^^^W~9^^^W");
        assert_eq!(news(&text).unwrap().what, StayNews::SameAs(vec![id("8", "W"), id("9", "W")]));
        assert_eq!(news(&format!("{HEAD}ADT^A40|1|P|2.5\rPID|||7^^^W")), None);
    }

    #[test]
    fn what_names_nobody_or_says_nothing_for_check_in_is_no_news() {
        assert_eq!(news(&format!("{HEAD}ADT^A01|1|P|2.5\rPV1|1|O|INF")), None);
        assert_eq!(news(&format!("{HEAD}ADT^A01|1|P|2.5\rPID|||^^^W||Quill")), None);
        assert_eq!(news(&format!("{HEAD}ADT^A60|1|P|2.5\rPID|||7")), None);
    }

    #[test]
    fn an_impossible_birth_date_is_left_out_and_long_texts_are_cut() {
        let text = format!(
            "{HEAD}adt_a04|1|P|2.5\rPID|||7||{}||19801332|",
            "ä".repeat(LONGEST_PERSON_NAME + 50)
        );
        let news = news(&text).unwrap();
        assert_eq!(news.birth_date, Told::Nothing);
        assert_eq!(news.family, Told::Value("ä".repeat(LONGEST_PERSON_NAME)));
    }
}
