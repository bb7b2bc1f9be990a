//! The gates that come with the program.

use serde::Deserialize;

use super::{Gate, ItemKind, Step, WaivedBy};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    gates: Vec<Gate>,
}

fn gates(name: &str) -> Vec<Gate> {
    let path = format!("{}/profiles/parts/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    toml::from_str::<Part>(&text).unwrap_or_else(|error| panic!("{path}: {error}")).gates
}

const ALL: [&str; 8] = [
    "gates-check-in",
    "gates-psychiatric",
    "gates-start-infusion",
    "gates-start-plain",
    "gates-start-spray",
    "gates-leave-infusion",
    "gates-leave-plain",
    "gates-leave-spray",
];

#[test]
fn every_item_has_a_name_of_its_own_and_words() {
    for name in ALL {
        for gate in gates(name) {
            let mut names: Vec<_> = gate.items.iter().map(|item| item.name.as_str()).collect();
            assert!(gate.items.iter().all(|item| !item.text.is_empty()), "{name}");
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), gate.items.len(), "{name}: {names:?}");
        }
    }
}

#[test]
fn nobody_starts_without_a_baseline_pressure_or_leaves_an_esketamine_stay_early() {
    for name in ["gates-start-infusion", "gates-start-spray"] {
        let gates = gates(name);
        let start = gates.iter().find(|gate| gate.step == Step::Start).unwrap();
        let baseline = start.items.iter().find(|item| item.kind == ItemKind::Baseline {}).unwrap();
        assert_eq!(baseline.waived_by, WaivedBy::Nobody, "{name}");
    }
    let gates = gates("gates-leave-spray");
    let stay = gates[0].items.iter().find(|item| item.name == "stay").unwrap();
    assert_eq!(stay.waived_by, WaivedBy::Nobody);
}
