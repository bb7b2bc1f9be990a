//! Short scripts that reach what no example recording reaches: each value is at a limit, or
//! just beside it, and each time just long enough.

mod breathing;
mod entered;
mod heart_rate;
mod high_pressure;
mod low_pressure;
mod measuring;
mod reaction;
mod saturation;
mod stay;

/// The profile, the name, and the steps.
pub(crate) type Script = (&'static str, &'static str, &'static str);

/// All of them, by what they are about.
pub(crate) fn scripts() -> impl Iterator<Item = &'static Script> {
    let all = [
        stay::SCRIPTS,
        saturation::SCRIPTS,
        heart_rate::SCRIPTS,
        low_pressure::SCRIPTS,
        breathing::SCRIPTS,
        entered::SCRIPTS,
        high_pressure::SCRIPTS,
        measuring::SCRIPTS,
        reaction::SCRIPTS,
    ];
    all.into_iter().flatten()
}

const KETAMINE: &str = "ketamine-iv-adult";
const INFLIXIMAB: &str = "infliximab";
