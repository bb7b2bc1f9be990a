mod messages;

use std::path::Path;

use super::*;

fn read(text: &str) -> Result<Config, Problems> {
    read_with(text, &[])
}

fn read_with(text: &str, env: &[(&str, &str)]) -> Result<Config, Problems> {
    read::config(Some(("dripwatch.toml", text)), variables(env))
}

fn without_file(env: &[(&str, &str)]) -> Result<Config, Problems> {
    read::config(None, variables(env))
}

fn variables(env: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    let owned = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    owned.collect::<Vec<_>>().into_iter()
}

#[track_caller]
fn assert_problems(result: Result<Config, Problems>, expected: &str) {
    let problems = result.expect_err("there are problems").to_string();
    let expected: Vec<_> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(problems.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn the_documentation_is_the_default() {
    assert_eq!(read(DEFAULT_TOML), Ok(Config::default()));
    assert_eq!(without_file(&[]), Ok(Config::default()));
}

#[test]
fn the_documentation_names_every_key_of_this_version() {
    for known in schema::SECTIONS {
        assert!(DEFAULT_TOML.contains(&known.heading()), "{}", known.name);
        for key in known.keys {
            let documented = DEFAULT_TOML.contains(&format!("{key} = "));
            assert!(documented || ["connect", "serial"].contains(key), "{key}");
        }
    }
}

#[test]
fn the_contract_s_example_is_good() {
    let config = read(
        r#"
        [clinic]
        name = "Example clinic"
        time_zone = "UTC"
        [server]
        listen = "127.0.0.1:8080"
        data_dir = "data"
        [[rooms]]
        id = "3"
        name = "Room 3"
        [[adapters]]
        kind = "hl7-mllp"
        listen = "127.0.0.1:2575"
        device = "masimo-3"
        allow = ["127.0.0.0/8"]
        [[devices]]
        id = "00A0370098006640"
        room = "3"
        "#,
    )
    .unwrap();
    assert_eq!(config.clinic.zone(), TimeZone::UTC);
    assert_eq!(config.rooms, [Room::numbered(3)]);
    assert_eq!(config.adapters[0].device, Some(DeviceId::new("masimo-3").unwrap()));
    assert_eq!(config.devices[0].room, config.rooms[0].id);
}

#[test]
fn a_file_that_names_no_rooms_has_rooms_1_to_8_and_one_that_names_no_adapters_has_none() {
    let config = read("[clinic]\nname = \"Harbour clinic\"\n").unwrap();
    assert_eq!(config.clinic.name, "Harbour clinic");
    assert_eq!(config.rooms, Config::default().rooms);
    assert_eq!(config.adapters, []);
    assert_eq!(read("adapters = []").unwrap().adapters, []);
}

#[test]
fn an_adapter_on_a_loopback_address_is_open_to_this_machine_alone() {
    let adapter = |listen: &str| {
        let text = format!("[[adapters]]\nkind = \"hl7-mllp\"\nlisten = \"{listen}\"");
        read(&text).unwrap().adapters[0].clone()
    };
    let v4 = adapter("127.0.0.1:2575");
    assert_eq!(v4, Adapter::default());
    let v6 = adapter("[::1]:2575");
    assert_eq!(v6.allow, ["::1".parse().unwrap()]);
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    assert_problems(
        read(
            r#"[clinic]
            name = ""
            timezone = "UTC"
            [server]
            listen = "0.0.0.0:8080"
            data_dir = 5
            [[rooms]]
            id = 1
            [[rooms]]
            id = "room 2"
            [[rooms]]
            id = "3"
            [[rooms]]
            id = "3"
            name = "Again"
            [[rooms]]
            name = "Nameless"
            [[adapters]]
            kind = "mindray"
            connect = "10.0.0.5:4601"
            [[adapters]]
            kind = "hl7-mllp"
            listen = "0.0.0.0:2575"
            [[adapters]]
            kind = "hl7-mllp"
            listen = "0.0.0.0:2575"
            allow = ["10.0.0.0/8",
                     "10.0.0/8"]
            [[adapters]]
            [[devices]]
            id = "mon-9"
            room = "9"
            [[devices]]
            id = "mon-9"
            room = "3"
            [limits]
            frames_per_second = 0
            [colours]
            "#,
        ),
        r#"
        dripwatch.toml:2: [clinic] name "" is not a name: write one line of 1 to 100 characters
        dripwatch.toml:3: [clinic] timezone is not a known key: write time_zone
        dripwatch.toml:5: [server] listen "0.0.0.0:8080" can be reached from other machines, which needs TLS, and this version has none: use a loopback address behind a TLS proxy on this machine, as in "127.0.0.1:8080"
        dripwatch.toml:6: [server] data_dir must be a text, not a number: put it in quotes, "5"
        dripwatch.toml:8: [[rooms]] id must be a text, not a number: put it in quotes, "1"
        dripwatch.toml:10: [[rooms]] id "room 2" is not an id: write 1 to 128 of A-Z a-z 0-9 . _ : -
        dripwatch.toml:14: [[rooms]] id "3" is already in line 12: write each once
        dripwatch.toml:16: [[rooms]] id is missing: write id = "3"
        dripwatch.toml:19: [[adapters]] kind "mindray" is not a kind that this version has: write "hl7-mllp"; other monitors can send JSON to /api/v1/ingest
        dripwatch.toml:20: [[adapters]] connect is not in this version: write listen = "127.0.0.1:2575" and let the monitor connect
        dripwatch.toml:21: [[adapters]] allow is missing, and other machines can reach this adapter: write who may connect, as in allow = ["192.168.20.0/24"]
        dripwatch.toml:26: [[adapters]] listen "0.0.0.0:2575" is already in line 23: write each once
        dripwatch.toml:28: [[adapters]] allow "10.0.0/8" is not an address range: write an address and how many of its bits count, as in "10.20.0.0/16", or one address, as in "10.20.0.7"
        dripwatch.toml:29: [[adapters]] kind is missing: write kind = "hl7-mllp"
        dripwatch.toml:29: [[adapters]] listen is missing: write listen = "127.0.0.1:2575"
        dripwatch.toml:32: [[devices]] room "9" does not exist: write "3", or add the room below [[rooms]]
        dripwatch.toml:34: [[devices]] id "mon-9" is already in line 31: write each once
        dripwatch.toml:37: [limits] frames_per_second 0 is out of range: write a number from 1 to 1000000
        dripwatch.toml:38: colours is not a known section: remove it; there are [clinic], [server], [[rooms]], [[adapters]], [[devices]], [[channels]], [[outbound]], [limits], [retention]
        "#,
    );
}

#[test]
fn a_room_that_does_not_exist_is_answered_with_those_that_do() {
    assert_problems(
        read("[[devices]]\nid = \"mon-9\"\nroom = \"9\"\n"),
        "
        dripwatch.toml:3: [[devices]] room \"9\" does not exist: write one of 1, 2, 3, 4, 5, 6, 7, 8, or add the room below [[rooms]]
        ",
    );
}

#[test]
fn a_key_in_the_wrong_place_is_sent_home() {
    assert_problems(
        read("listen = \"127.0.0.1:1\"\nrooom = []\n[clinic]\ndata_dir = \"x\"\n"),
        "
        dripwatch.toml:1: listen is not a known section: write it below [server]
        dripwatch.toml:2: rooom is not a known section: write [[rooms]]
        dripwatch.toml:4: [clinic] data_dir is not a known key: write it below [server]
        ",
    );
}

#[test]
fn a_section_of_the_wrong_shape_is_shown_the_right_one() {
    assert_problems(
        read("server = 5\nadapters = [1]\n[rooms]\nid = \"1\"\n"),
        "
        dripwatch.toml:1: [server] must be a table of keys, not a number: write [server] and below it listen = …
        dripwatch.toml:2: [[adapters]] must be a table of keys, not a number: write [[adapters]] and below it kind = …
        dripwatch.toml:3: [[rooms]] must be a list of entries, not a table: write [[rooms]] above each entry
        ",
    );
}

#[test]
fn lists_that_would_leave_nothing_working_are_refused() {
    assert_problems(
        read(
            "rooms = []\n[[adapters]]\nkind = \"hl7-mllp\"\nlisten = \"127.0.0.1:2575\"\nallow = []\n\
             [[adapters]]\nkind = \"hl7-mllp\"\nlisten = \"0.0.0.0:8080\"\nallow = [\"10.0.0.1\"]\n",
        ),
        r#"
        dripwatch.toml:1: [[rooms]] names 0 rooms: write 1 to 1000, or leave rooms out for Room 1 to Room 8
        dripwatch.toml:5: [[adapters]] allow names nobody, so that no monitor could connect: write who may, as in allow = ["127.0.0.0/8"], or remove the adapter
        dripwatch.toml:8: [[adapters]] listen "0.0.0.0:8080" is taken by the server itself: write another port
        "#,
    );
}

#[test]
fn what_is_not_toml_is_told_by_line_without_repeating_the_line() {
    let result = read("[clinic]\nname = \"a\"\nname = \"b\"\npassword = hunter2 secret\n");
    let problems = result.unwrap_err();
    let lines: Vec<_> = problems.as_slice().iter().map(|p| p.line).collect();
    assert_eq!(lines, [Some(3), Some(4)]);
    assert!(!problems.to_string().contains("hunter2"), "{problems}");
    assert!(problems.to_string().contains("write it once"), "{problems}");
}

#[test]
fn the_value_of_an_unknown_key_is_never_repeated() {
    let result =
        read_with("[server]\npassword = \"hunter2\"\n", &[("DRIPWATCH_SERVER__TOKEN", "hunter2")]);
    assert!(!result.unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn any_key_is_overridden_by_the_environment() {
    let config = read_with(
        "[server]\nlisten = \"127.0.0.1:1\"\ndata_dir = \"kept\"\n",
        &[
            ("DRIPWATCH_SERVER__LISTEN", "127.0.0.1:9000"),
            ("DRIPWATCH_CLINIC__NAME", "2026"),
            ("DRIPWATCH_CLINIC__TIME_ZONE", "\"UTC\""),
            ("DRIPWATCH_LIMITS__FRAMES_PER_SECOND", "50"),
            ("DRIPWATCH_ROOMS", r#"[{ id = "A" }, { id = "B", name = "Blue" }]"#),
            ("DRIPWATCH_DEVICES", r#"[{ id = "mon-1", room = "B" }]"#),
        ],
    )
    .unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:9000".parse().unwrap());
    assert_eq!(config.server.data_dir, Path::new("kept"));
    assert_eq!(config.clinic.name, "2026");
    assert_eq!(config.clinic.time_zone, Some(TimeZone::UTC));
    assert_eq!(config.limits.frames_per_second.get(), 50);
    let names: Vec<_> = config.rooms.iter().map(|room| room.name.as_str()).collect();
    assert_eq!(names, ["Room A", "Blue"]);
    assert_eq!(config.devices[0].id, DeviceId::new("mon-1").unwrap());
}

#[test]
fn the_default_adapters_are_there_without_a_file_unless_the_environment_says_none() {
    let config = without_file(&[("DRIPWATCH_SERVER__LISTEN", "127.0.0.1:0")]).unwrap();
    assert_eq!(config.adapters, [Adapter::default()]);
    let config = without_file(&[("DRIPWATCH_ADAPTERS", "[]")]).unwrap();
    assert_eq!(config.adapters, []);
}

#[test]
fn a_section_s_own_variable_is_refined_by_those_of_its_keys() {
    let config = without_file(&[
        ("DRIPWATCH_SERVER__DATA_DIR", "/var/lib/dripwatch"),
        ("DRIPWATCH_SERVER", "{ listen = \"127.0.0.1:9\", data_dir = \"x\" }"),
    ])
    .unwrap();
    assert_eq!(config.server.listen.port(), 9);
    assert_eq!(config.server.data_dir, Path::new("/var/lib/dripwatch"));
}

#[test]
fn a_wrong_variable_is_named() {
    assert_problems(
        without_file(&[
            ("DRIPWATCH_LIMITS__FRAMES_PER_SECOND", "many"),
            ("DRIPWATCH_ROOMS__0__ID", "1"),
            ("DRIPWATCH_SERVER__LISEN", "127.0.0.1:9000"),
            ("DRIPWATCH_SERVER__LISTEN", "nowhere"),
            ("DRIPWATCH_SERVER__PORT", "9000"),
            ("DRIPWATCH_WEATHER__TODAY", "fair"),
        ]),
        r#"
        DRIPWATCH_ROOMS__0__ID: a part of a list cannot be set by itself: write the whole list, as in DRIPWATCH_ROOMS='[{ id = "…" }]'
        DRIPWATCH_SERVER__LISEN: no key has this name: write DRIPWATCH_SERVER__LISTEN
        DRIPWATCH_SERVER__PORT: no key has this name: write one of DRIPWATCH_SERVER__LISTEN, DRIPWATCH_SERVER__DATA_DIR, DRIPWATCH_SERVER__HEADS_FILE
        DRIPWATCH_WEATHER__TODAY: no key has this name: unset it, or write a section, two underscores and a key, as in DRIPWATCH_SERVER__LISTEN
        DRIPWATCH_SERVER__LISTEN: [server] listen "nowhere" is not an address and a port: write both in digits, as in "127.0.0.1:8080"
        DRIPWATCH_LIMITS__FRAMES_PER_SECOND: [limits] frames_per_second must be a whole number, not a text: write digits without quotes, as in frames_per_second = 1000
        "#,
    );
}

#[test]
fn variables_that_are_not_configuration_are_left_alone() {
    let config = without_file(&[
        ("DRIPWATCH_WEB_DIST", "web/dist"),
        ("DRIPWATCH_LOG", "debug"),
        ("DRIPWATCH_BIN", "target/debug/dripwatch"),
        ("DRIPWATCH_SAMPLES", "samples"),
        ("DRIPWATCH_TOKEN", "hunter2"),
        ("HOME", "/root"),
    ]);
    assert_eq!(config, Ok(Config::default()));
}

#[test]
fn a_file_that_cannot_be_used_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let load = |path: &Path| Config::load(Some(path), std::iter::empty()).unwrap_err();
    let what = |path: &Path| load(path).as_slice()[0].what.clone();
    assert_eq!(what(&dir.path().join("absent.toml")), "there is no such file");
    assert_eq!(what(dir.path()), "this is a directory");
    let file = dir.path().join("clinic.toml");
    std::fs::write(&file, b"\xff").unwrap();
    assert_eq!(what(&file), "the file is not UTF-8 text");
    std::fs::write(&file, vec![b' '; (1 << 20) + 1]).unwrap();
    assert_eq!(what(&file), "the file is larger than 1 MiB");
}

#[test]
fn a_bottomless_file_is_a_problem_and_not_an_overflow() {
    assert!(read(&format!("rooms = {}", "[".repeat(500_000))).is_err());
    assert!(read(&format!("[{}a]", "a.".repeat(400_000))).is_err());
    assert!(without_file(&[("DRIPWATCH_ROOMS", &"[".repeat(500_000))]).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "(?s).{0,200}", value in ".{0,60}") {
        let _ = read_with(&text, &[("DRIPWATCH_ROOMS", &value), ("DRIPWATCH_SERVER__LISTEN", &value)]);
    }

    #[test]
    fn no_shape_makes_reading_panic(
        text in r#"((\[\[?(rooms|server|adapters)\]?\]|(id|listen|allow|kind|rooms) ?= ?("1"|5|\[\]|\{\}|\["x"\]))\n){0,12}"#
    ) {
        let _ = read(&text);
    }
}

#[test]
fn a_file_that_is_too_large_is_no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dripwatch.toml");
    std::fs::write(&file, vec![b'#'; 1 << 20]).unwrap();
    assert!(file::text(&file).is_ok());
    std::fs::write(&file, vec![b'#'; (1 << 20) + 1]).unwrap();
    assert_eq!(file::text(&file).unwrap_err().what, "the file is larger than 1 MiB");
}

#[test]
fn rooms_whose_names_look_the_same_are_told() {
    let config = read("[[rooms]]\nid = \"3\"\n[[rooms]]\nid = \"4\"\nname = \"ROOM  3\"\n");
    assert_problems(
        config,
        "dripwatch.toml:5: [[rooms]] name \"ROOM  3\" looks like the name of room 3: \
         write names that cannot be mistaken for one another",
    );
}

#[test]
fn how_long_what_is_kept_has_its_bounds_and_a_session_is_kept_for_ever_unless_it_is_said() {
    let retention = |text: &str| read_text(text).map(|config| config.retention);
    assert_eq!(retention("").unwrap(), Retention::default());
    assert_eq!(Retention::default().sessions_days, None);
    let most =
        "[retention]\nseal_after_hours = 876600\nsessions_days = 36525\nraw_hours = 876600\n";
    let longest =
        Retention { seal_after_hours: 876_600, sessions_days: Some(36_525), raw_hours: 876_600 };
    assert_eq!(retention(most).unwrap(), longest);
    assert_eq!(retention("[retention]\nseal_after_hours = 0\n").unwrap().seal_after_hours, 0);
    for (key, bad, least, most) in [
        ("seal_after_hours", 876_601, 0, 876_600),
        ("sessions_days", 36_526, 1, 36_525),
        ("sessions_days", 0, 1, 36_525),
        ("raw_hours", 876_601, 1, 876_600),
        ("raw_hours", 0, 1, 876_600),
    ] {
        let refused = retention(&format!("[retention]\n{key} = {bad}\n")).unwrap_err().to_string();
        let expected = format!(
            "[retention] {key} {bad} is out of range: write a number from {least} to {most}"
        );
        assert!(refused.contains(&expected), "{refused}");
    }
}

#[test]
fn no_more_channels_and_people_than_there_is_room_for() {
    let of = |count: usize, id: &str| -> String {
        let one = |n| {
            format!(
                "[[channels]]\nkind = \"ping\"\nid = \"{id}{n}\"\nurl = \"https://a.example/\"\n"
            )
        };
        (0..count).map(one).collect()
    };
    assert_eq!(read(&of(MAX_CHANNELS, "p")).unwrap().channels.len(), MAX_CHANNELS);
    let many = read(&of(MAX_CHANNELS + 1, "p")).unwrap_err().to_string();
    assert!(many.contains("[[channels]] names 17 channels: write 16 at most"), "{many}");
    assert!(read(&of(1, &"x".repeat(63))).is_ok());
    assert!(read(&of(1, &"x".repeat(64))).is_err());
    let mail = |people: usize| {
        let to: Vec<String> = (0..people).map(|n| format!("\"p{n}@clinic.example\"")).collect();
        let to = to.join(", ");
        read(&format!(
            "[[channels]]\nkind = \"email\"\nserver = \"mail.example:25\"\n\
             from = \"a@clinic.example\"\nto = [{to}]\n"
        ))
    };
    assert!(mail(MAX_RECIPIENTS).is_ok());
    assert!(mail(MAX_RECIPIENTS + 1).unwrap_err().to_string().contains("names 51 people"));
}
