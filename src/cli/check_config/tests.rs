use super::*;

fn check(text: &str, json: bool) -> (String, u8) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clinic.toml");
    std::fs::write(&file, text).unwrap();
    let args = CheckConfigArgs { config: Some(file.clone()), json };
    let (answer, exit) = check_config(&args, std::iter::empty());
    (answer.replace(&file.display().to_string(), "clinic.toml"), exit)
}

const GOOD: &str = r#"
        clinic = { name = "Harbour clinic", time_zone = "UTC" }
        adapters = [{ kind = "hl7-mllp", listen = "0.0.0.0:2575", allow = ["10.20.0.0/16"] }]
    "#;
const BAD: &str = "[server]\nlisten = \"nowhere\"\n";

#[test]
fn a_good_file_is_summed_up() {
    let (answer, exit) = check(GOOD, false);
    assert_eq!(exit, 0);
    assert_eq!(
        answer,
        "clinic.toml is good.\n  \
               clinic    Harbour clinic, times in UTC\n  \
               server    http://127.0.0.1:8080, data in data\n  \
               rooms     8\n  \
               adapters  hl7-mllp on 0.0.0.0:2575, open to 10.20.0.0/16\n  \
               devices   0 bound to a room\n"
    );
}

#[test]
fn a_bad_file_is_listed_line_by_line_and_exits_64() {
    let (answer, exit) = check(BAD, false);
    assert_eq!(exit, 64);
    assert_eq!(
        answer,
        "clinic.toml:2: [server] listen \"nowhere\" is not an address and a port: \
             write both in digits, as in \"127.0.0.1:8080\"\n1 problem\n"
    );
}

#[test]
fn json_says_the_same_to_a_program() {
    assert_eq!(check(GOOD, true), ("{\"good\":true,\"problems\":[]}\n".to_owned(), 0));
    let (answer, exit) = check(BAD, true);
    assert_eq!(exit, 64);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        answer,
        serde_json::json!({"good": false, "problems": [{
            "file": "clinic.toml", "line": 2, "key": "[server] listen",
            "what": "\"nowhere\" is not an address and a port",
            "remedy": "write both in digits, as in \"127.0.0.1:8080\"",
        }]})
    );
}

#[test]
fn a_file_that_was_named_must_exist() {
    let args = CheckConfigArgs { config: Some("no/such/file.toml".into()), json: false };
    let (answer, exit) = check_config(&args, std::iter::empty());
    assert_eq!(exit, 64);
    assert_eq!(
        answer,
        "no/such/file.toml: there is no such file: \
             name one that exists, or leave --config out to use the defaults\n1 problem\n"
    );
}
