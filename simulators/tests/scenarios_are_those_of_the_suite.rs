//! The list of scenarios against clinical.md#scenarios: each of its names, in its order.

use simulators::scenario::Scenario;

/// Number and name, and the scenarios that play it.
const SUITE: [(i32, &str, &[&str]); 35] = [
    (1, "Normal responder", &["normal-responder"]),
    (2, "Brisk but benign", &["brisk-but-benign"]),
    (3, "Hypertensive surge", &["hypertensive-surge"]),
    (4, "Extreme single", &["extreme-single"]),
    (5, "Lone outlier", &["lone-outlier"]),
    (6, "Baseline high", &["baseline-high"]),
    (7, "Override", &["baseline-overridden"]),
    (8, "Vasovagal at cannulation", &["vasovagal"]),
    (9, "Apnoea", &["apnoea"]),
    (10, "Obstruction (snoring)", &["obstruction"]),
    (11, "Mild dip", &["mild-dip"]),
    (12, "Probe off", &["probe-off"]),
    (13, "Same-arm cuff", &["same-arm-cuff"]),
    (14, "True fall hidden by cuff", &["fall-hidden-by-cuff"]),
    (15, "Motion artefact", &["motion"]),
    (16, "Cuff leak/NIBP failure", &["cuff-failure"]),
    (17, "Monitor unplugged", &["monitor-unplugged"]),
    (18, "Network flapping", &["network-flapping"]),
    (19, "Server restart", &["server-restart"]),
    // Two monitors in two rooms that claim one id: a scenario has one of each.
    (20, "Wrong-room mix-up", &[]),
    (21, "Bradycardic athlete", &["athlete"]),
    (22, "COPD", &["copd"]),
    (23, "Known hypertension on treatment", &["treated-hypertension"]),
    (24, "Agitation", &["agitation"]),
    (25, "Labetalol given", &["labetalol"]),
    (26, "Pause, resume, halve", &["pause-resume", "halved"]),
    (27, "Late rise in recovery", &["late-rise"]),
    (28, "Spravato", &["spravato"]),
    (29, "No escort", &["no-escort"]),
    (
        30,
        "Eight rooms, one nurse",
        &[
            "eight-rooms-1",
            "eight-rooms-2",
            "eight-rooms-3",
            "eight-rooms-4",
            "eight-rooms-5",
            "eight-rooms-6",
            "eight-rooms-7",
            "eight-rooms-8",
        ],
    ),
    (31, "Nurse away", &["nurse-away"]),
    (32, "Allergy in infliximab", &["allergy"]),
    (33, "Clock skew", &["clock-skew"]),
    (34, "Impossible values", &["impossible-values"]),
    (35, "Ambient", &["ambient"]),
];

#[test]
fn the_list_has_every_scenario_of_the_suite_in_its_order_and_no_other() {
    let listed: Vec<_> = Scenario::all()
        .unwrap()
        .iter()
        .map(|scenario| (scenario.clinical(), scenario.name().to_owned()))
        .collect();
    let wanted: Vec<_> = SUITE
        .iter()
        .flat_map(|(number, _, names)| names.iter().map(|name| (*number, (*name).to_owned())))
        .collect();
    assert_eq!(listed, wanted);
}
