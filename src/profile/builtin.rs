//! The profiles that come with the program. What several of them share is in
//! `profiles/parts`; a profile says which parts it is made of.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::Profile;

/// The clinic's default: its absolute limits watch rooms without a session.
pub const DEFAULT_PROFILE: &str = "ketamine-iv-adult";

macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../profiles/", $name, ".toml")))),*]
    };
}

const SHIPPED: [(&str, &str); 7] = texts![
    "ketamine-iv-adult",
    "ketamine-pain-adult",
    "esketamine-nasal-adult",
    "infliximab",
    "rituximab-first",
    "iron-iv",
    "ivig",
];

const PARTS: [(&str, &str); 15] = texts![
    "parts/entries",
    "parts/holds",
    "parts/vitals",
    "parts/pressure-rises",
    "parts/pressure-high",
    "parts/reaction",
    "parts/technical",
    "parts/gates-check-in",
    "parts/gates-psychiatric",
    "parts/gates-start-infusion",
    "parts/gates-start-plain",
    "parts/gates-start-spray",
    "parts/gates-leave-infusion",
    "parts/gates-leave-plain",
    "parts/gates-leave-spray",
];

fn shipped() -> &'static [Arc<Profile>] {
    static PROFILES: OnceLock<Vec<Arc<Profile>>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let read = |(name, text): &(&str, &str)| match assemble(text) {
            Ok(profile) => Arc::new(profile),
            // Our own files; the test below reads every one of them.
            Err(problem) => panic!("shipped profile {name}: {problem}"),
        };
        SHIPPED.iter().map(read).collect()
    })
}

/// A profile's own text with its parts: lists are joined.
fn assemble(text: &str) -> Result<Profile, String> {
    let mut whole: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let parts = whole.remove("parts").unwrap_or(toml::Value::Array(Vec::new()));
    let parts = Vec::<String>::deserialize(parts).map_err(|error| error.to_string())?;
    for name in parts {
        let wanted = format!("parts/{name}");
        let known = PARTS.iter().find(|(part, _)| *part == wanted);
        let (_, text) = known.ok_or_else(|| format!("there is no part {name}"))?;
        let part: toml::Table = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
        for (key, value) in part {
            match (whole.get_mut(&key), value) {
                (Some(toml::Value::Array(known)), toml::Value::Array(more)) => known.extend(more),
                (_, value) => drop(whole.insert(key, value)),
            }
        }
    }
    let profile = Profile::deserialize(whole).map_err(|error| error.to_string())?;
    profile
        .checked()
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// The names of the profiles that come with the program.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// A profile that comes with the program.
#[must_use]
pub fn builtin(name: &str) -> Option<Arc<Profile>> {
    shipped().iter().find(|profile| profile.name == name).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_is_valid_and_named_as_its_file() {
        for name in builtin_names() {
            assert_eq!(builtin(name).map(|p| p.name.clone()).as_deref(), Some(name));
        }
        assert!(builtin(DEFAULT_PROFILE).is_some());
        assert!(builtin("unknown").is_none());
    }

    #[test]
    fn a_shipped_profile_reads_back_from_the_toml_that_it_is_written_as() {
        for name in builtin_names() {
            let profile = builtin(name).unwrap();
            let text = toml::to_string(&*profile).unwrap();
            assert_eq!(Profile::from_toml(&text).unwrap(), *profile);
        }
    }
}
