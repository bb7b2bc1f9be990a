//! The names that a configuration may hold: for telling unknown keys and for the environment.

/// A section and its keys.
pub(super) struct Known {
    pub(super) name: &'static str,
    /// Whether it is a list of entries, `[[rooms]]`.
    pub(super) list: bool,
    pub(super) keys: &'static [&'static str],
}

impl Known {
    const fn one(name: &'static str, keys: &'static [&'static str]) -> Self {
        let list = false;
        Self { name, list, keys }
    }

    const fn list(name: &'static str, keys: &'static [&'static str]) -> Self {
        let list = true;
        Self { name, list, keys }
    }

    /// As its heading is written.
    pub(super) fn heading(&self) -> String {
        let name = self.name;
        if self.list { format!("[[{name}]]") } else { format!("[{name}]") }
    }
}

pub(super) static CLINIC: Known = Known::one("clinic", &["name", "time_zone"]);
pub(super) static SERVER: Known = Known::one("server", &["listen", "data_dir"]);
pub(super) static ROOMS: Known = Known::list("rooms", &["id", "name"]);
pub(super) static ADAPTERS: Known =
    Known::list("adapters", &["kind", "listen", "connect", "serial", "device", "allow"]);
pub(super) static DEVICES: Known = Known::list("devices", &["id", "room"]);
pub(super) static LIMITS: Known = Known::one("limits", &["frames_per_second", "disk_low_mib"]);

/// Every section, in the order of the documentation.
pub(super) static SECTIONS: [&Known; 6] = [&CLINIC, &SERVER, &ROOMS, &ADAPTERS, &DEVICES, &LIMITS];

/// The section of that name.
pub(super) fn section(name: &str) -> Option<&'static Known> {
    SECTIONS.into_iter().find(|known| known.name == name)
}

/// The section that does know the key.
pub(super) fn home_of(key: &str) -> Option<&'static Known> {
    SECTIONS.into_iter().find(|known| known.keys.contains(&key))
}
