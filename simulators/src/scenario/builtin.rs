//! The files of `scenarios/`, in the order of CLINICAL 6.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

/// (name, text) of each.
pub(super) const FILES: &[(&str, &str)] = files!["apnoea"];
