//! The files of `scenarios/`, in the order of clinical.md#scenarios.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

/// (name, text) of each.
pub(super) const FILES: &[(&str, &str)] = files![
    "normal-responder",
    "brisk-but-benign",
    "hypertensive-surge",
    "extreme-single",
    "lone-outlier",
    "baseline-high",
    "baseline-overridden",
    "vasovagal",
    "apnoea",
    "obstruction",
    "mild-dip",
    "probe-off",
    "same-arm-cuff",
    "fall-hidden-by-cuff",
    "motion",
    "cuff-failure",
    "monitor-unplugged",
    "network-flapping",
    "server-restart",
    "athlete",
    "copd",
    "treated-hypertension",
    "agitation",
    "labetalol",
    "pause-resume",
    "halved",
    "late-rise",
    "spravato",
    "no-escort",
    "eight-rooms-1",
    "eight-rooms-2",
    "eight-rooms-3",
    "eight-rooms-4",
    "eight-rooms-5",
    "eight-rooms-6",
    "eight-rooms-7",
    "eight-rooms-8",
    "nurse-away",
    "allergy",
    "clock-skew",
    "impossible-values",
    "ambient",
];
