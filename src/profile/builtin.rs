use std::sync::{Arc, OnceLock};

use super::Profile;

/// The clinic's default: its absolute limits watch rooms without a session.
pub const DEFAULT_PROFILE: &str = "ketamine-iv-adult";

const SHIPPED: [(&str, &str); 1] =
    [("ketamine-iv-adult", include_str!("../../profiles/ketamine-iv-adult.toml"))];

fn shipped() -> &'static [Arc<Profile>] {
    static PROFILES: OnceLock<Vec<Arc<Profile>>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let read = |(name, text): &(&str, &str)| match Profile::from_toml(text) {
            Ok(profile) => Arc::new(profile),
            // Our own file; the test below reads every one of them.
            Err(problems) => panic!("shipped profile {name}: {problems:?}"),
        };
        SHIPPED.iter().map(read).collect()
    })
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
}
