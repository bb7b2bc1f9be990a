use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Cli, ErrorKind> {
    Cli::try_parse_from(line.split_whitespace()).map_err(|error| error.kind())
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn the_commands_of_the_contract_parse() {
    for line in [
        "dripwatch demo --listen 127.0.0.1:0 --rooms 4 --speed 2 --seed 7 --data-dir d --json",
        "dripwatch serve --listen 127.0.0.1:9000 --config f --data-dir d --log-format json",
        "dripwatch check-config --config f --json",
        "dripwatch staff add Kim --role nurse --initials KM --password-stdin --pin-stdin",
        "dripwatch staff list --json",
        "dripwatch device add mon-3 --room 3",
        "dripwatch device add --from list",
        "dripwatch token add wall --role display",
        "dripwatch profiles list --json",
        "dripwatch profiles show iron-iv --version 2 --toml",
        "dripwatch profiles check ours.toml --json",
        "dripwatch profiles put ours.toml",
        "dripwatch profiles approve iron-iv --version 2 --by Bell",
        "dripwatch rules",
        "dripwatch rules iron-iv --shipped --out iron.md",
        "dripwatch sessions --json",
        "dripwatch export s1 -o -",
        "dripwatch replay a.ndjson b.ndjson.zst --json --verify",
        "dripwatch verify --json",
    ] {
        assert!(parse(line).is_ok(), "{line}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for line in [
        "dripwatch serve --listen 0.0.0.0:8080",
        "dripwatch staff add Kim --role boss",
        "dripwatch device add",
        "dripwatch device add mon-3 --from list",
        "dripwatch device add --from list --room 3",
        "dripwatch device add mon/3",
        "dripwatch demo --rooms 0",
        "dripwatch profiles approve iron-iv",
        "dripwatch rules iron-iv --shipped --version 2",
        "dripwatch export s1",
        "dripwatch replay",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn each_core_has_a_thread_up_to_four() {
    assert_eq!([1, 4, 5, 64].map(threads), [1, 4, 4, 4]);
}
