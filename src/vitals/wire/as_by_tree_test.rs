//! A frame that is read straight from its line is the same as one that is read from a tree of
//! JSON: the same readings, the same problems, in the same words.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// The shapes with trees in them. Their names are part of the messages.
mod tree {
    use super::*;

    #[derive(Deserialize)]
    pub(super) struct WireFrame {
        #[serde(rename = "type")]
        pub(super) kind: String,
        pub(super) seq: Option<u64>,
        pub(super) boot: Option<Json>,
        pub(super) sent_at: Option<Json>,
        pub(super) taken_at: Option<Json>,
        pub(super) readings: Option<Vec<Json>>,
        pub(super) vital: Option<Json>,
        pub(super) status: Option<Json>,
    }

    #[derive(Deserialize)]
    pub(super) struct WireReading {
        pub(super) vital: Json,
        pub(super) value: Option<Json>,
        pub(super) systolic: Option<Json>,
        pub(super) diastolic: Option<Json>,
        pub(super) mean: Option<Json>,
        pub(super) quality: Option<Json>,
        pub(super) absent: Option<Json>,
        pub(super) taken_at: Option<Json>,
        pub(super) channel: Option<Json>,
        pub(super) source: Option<Json>,
        pub(super) bound: Option<Json>,
        pub(super) corrects: Option<Json>,
        pub(super) withdrawn: Option<Json>,
        pub(super) late: Option<Json>,
    }
}

fn scalar(json: Json) -> Scalar<'static> {
    match json {
        Json::Null => Scalar::Null,
        Json::Bool(is_so) => Scalar::Bool(is_so),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Scalar::Whole(whole),
            (None, Some(huge)) => Scalar::Huge(huge),
            (None, None) => Scalar::Fraction(number.as_f64().unwrap()),
        },
        Json::String(text) => Scalar::Text(text.into()),
        other => Scalar::Other(other),
    }
}

fn element(json: Json) -> Element<'static> {
    let tree: tree::WireReading = match serde_json::from_value(json.clone()) {
        Ok(tree) => tree,
        Err(error) => {
            let straight = WireReading::deserialize(&json).err();
            assert_eq!(straight.map(|e| e.to_string()), Some(error.to_string()), "{json}");
            return Element::Other(json);
        }
    };
    let or_none = |json: Option<Json>| json.map(scalar);
    Element::Reading(Box::new(WireReading {
        vital: Some(scalar(tree.vital)),
        value: or_none(tree.value),
        systolic: or_none(tree.systolic),
        diastolic: or_none(tree.diastolic),
        mean: or_none(tree.mean),
        quality: or_none(tree.quality),
        absent: or_none(tree.absent),
        taken_at: or_none(tree.taken_at),
        channel: or_none(tree.channel),
        source: or_none(tree.source),
        bound: or_none(tree.bound),
        corrects: or_none(tree.corrects),
        withdrawn: or_none(tree.withdrawn),
        late: or_none(tree.late),
    }))
}

fn by_tree(line: &str) -> serde_json::Result<WireFrame<'static>> {
    let tree: tree::WireFrame = serde_json::from_str(line)?;
    let or_none = |json: Option<Json>| json.map(scalar);
    Ok(WireFrame {
        kind: tree.kind.into(),
        seq: tree.seq,
        boot: or_none(tree.boot),
        sent_at: or_none(tree.sent_at),
        taken_at: or_none(tree.taken_at),
        readings: tree.readings.map(|readings| WireReadings {
            count: readings.len(),
            first: readings.into_iter().take(MAX_READINGS).map(element).collect(),
        }),
        vital: or_none(tree.vital),
        status: or_none(tree.status),
    })
}

/// Values as they are spelled, most of them wrong in most places.
const SPELLED: [&str; 34] = [
    "97",
    "97",
    "72.5",
    "95.0",
    "128",
    "82",
    "130",
    "-4",
    "0",
    "1e2",
    "1e999",
    "0.1234567",
    "1795262400000",
    "1795262400",
    "9223372036854775808",
    "18446744073709551616",
    "null",
    "true",
    "false",
    r#""spo2""#,
    r#""nibp""#,
    r#""temp""#,
    r#""good""#,
    r#""invalid""#,
    r#""sensor_off""#,
    r#""measuring""#,
    r#""demo""#,
    r#""below""#,
    r#""2026-11-21T11:58:30Z""#,
    r#""a\u00e9\n""#,
    r#""\ud800""#,
    r#"[1,{"a":"漢"}]"#,
    r#"{"vital":["spo2"],"vital":1e999}"#,
    "[]",
];
/// What an adapter would write there.
const MEANT: [(&str, &str); 16] = [
    ("vital", r#""spo2""#),
    ("vital", r#""nibp""#),
    ("value", "97"),
    ("value", "36.6"),
    ("systolic", "128"),
    ("diastolic", "82.0"),
    ("mean", "97"),
    ("quality", r#""questionable""#),
    ("absent", r#""sensor_off""#),
    ("taken_at", "1795262310000"),
    ("channel", r#""2""#),
    ("source", r#""simulator""#),
    ("bound", r#""above""#),
    ("corrects", "1795262310000"),
    ("withdrawn", "true"),
    ("late", "true"),
];

fn object(pairs: Vec<(&'static str, String)>) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!(r#""{key}":{value}"#)).collect();
    format!("{{{}}}", pairs.join(","))
}

fn reading() -> impl Strategy<Value = String> {
    let keys = select([&READING_KEYS[..], &["unit"]].concat());
    let meant = select(&MEANT[..]).prop_map(|(key, value)| (key, value.to_owned()));
    let any = (keys, select(&SPELLED[..])).prop_map(|(key, value)| (key, value.to_owned()));
    let named = select(vec![r#""spo2""#, r#""nibp""#, r#""glucose""#]);
    let pairs = prop::collection::vec(prop_oneof![8 => meant, 1 => any], 0..7);
    let reading = (prop::option::weighted(0.9, named), pairs).prop_map(|(named, mut pairs)| {
        pairs.extend(named.map(|vital| ("vital", vital.to_owned())));
        object(pairs)
    });
    let other = select(&SPELLED[..]).prop_map(str::to_owned);
    let list = prop::collection::vec(select(&SPELLED[..]), 12..16);
    let list = list.prop_map(|values| format!("[{}]", values.join(",")));
    prop_oneof![20 => reading, 1 => other, 1 => list]
}

fn line() -> impl Strategy<Value = String> {
    let kind = select(vec![r#""readings""#, r#""readings""#, r#""status""#, r#""hello""#, "7"]);
    let readings = prop::collection::vec(reading(), 0..5);
    let keys = select([&FRAME_KEYS[..], &["more"]].concat());
    let more = (keys, select(&SPELLED[..])).prop_map(|(key, value)| (key, value.to_owned()));
    let more = prop::collection::vec(more, 0..3);
    (kind, readings, more, any::<bool>(), prop::option::weighted(0.05, 0..200usize)).prop_map(
        |(kind, readings, mut more, has_readings, cut)| {
            more.push(("type", kind.to_owned()));
            if has_readings || more.len() == 1 {
                more.push(("readings", format!("[{}]", readings.join(","))));
            }
            let mut line = object(more);
            line.truncate(line.floor_char_boundary(cut.unwrap_or(line.len())));
            line
        },
    )
}

/// Both ways to read the line lead to the same.
fn is_read_alike(line: &str) {
    let device = DeviceId::new("mon-3").unwrap();
    for writer in [Writer::Adapter, Writer::Record] {
        let straight = Parsed::read_from(line, &device, Source::Monitor, writer);
        let by_tree = match by_tree(line) {
            Ok(wire) => Parsed::of(wire, &device, Source::Monitor, writer),
            Err(error) => {
                let refused = straight.unwrap_err();
                assert_eq!(refused.problem.title, format!("not a frame: {error}"), "{line}");
                continue;
            }
        };
        assert_eq!(format!("{straight:?}"), format!("{by_tree:?}"), "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_line_is_read_as_it_would_be_from_a_tree(line in line()) {
        is_read_alike(&line);
    }
}

#[test]
fn a_list_in_the_place_of_an_object_is_read_as_it_would_be_from_a_tree() {
    is_read_alike(r#"["readings",4,null,null,null,[{"vital":"spo2","value":97}],null,null]"#);
    let all = r#"["spo2",97,null,null,null,null,null,null,null,null,null,null,null,null]"#;
    is_read_alike(&format!(r#"{{"type":"readings","readings":[{all},{all}]}}"#));
    is_read_alike(r#"{"type":"readings","readings":{"vital":"spo2"}}"#);
    let many = vec![r#"{"vital":"spo2","value":97}"#; MAX_READINGS + 1].join(",");
    is_read_alike(&format!(r#"{{"type":"readings","readings":[{many}]}}"#));
    let deep = format!("{}{}", "[".repeat(130), "]".repeat(130));
    for line in [
        format!(r#"{{"type":"readings","readings":[{{"vital":"spo2","value":{deep}}}]}}"#),
        format!(r#"{{"type":"readings","boot":{deep}}}"#),
        format!(r#"{{"type":"readings","more":{deep},"readings":[]}}"#),
    ] {
        is_read_alike(&line);
    }
}
