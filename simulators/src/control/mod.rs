//! Switches things on and off while the simulation runs: "make room 3 desaturate".
//!
//! A [`Board`] holds what is wanted, and each room takes from it once a second. People reach it
//! over a small HTTP listener on this machine: with `dripwatch-sim fault`, or on a page.

mod ask;
mod board;
mod serve;

use std::fmt;
use std::str::FromStr;

use crate::monitors::Fault;

pub use ask::ask;
pub use board::{Board, Orders, Refusal};
pub use serve::Control;

/// Where the control listener is by default.
pub const USUAL_ADDRESS: &str = "127.0.0.1:2600";

/// What can be made to happen at a bedside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// No breath for a minute.
    Desaturate,
    /// A much higher pressure for seven minutes, measured at once and again.
    Surge,
    /// A faint, as at a needle.
    Faint,
    /// Restless for five minutes.
    Agitation,
    /// The finger clip is off, until it is put back.
    ProbeOff,
    /// The next two cuff measurements fail; they begin at once.
    CuffFails,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Desaturate,
        Self::Surge,
        Self::Faint,
        Self::Agitation,
        Self::ProbeOff,
        Self::CuffFails,
    ];

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Desaturate => "desaturate",
            Self::Surge => "surge",
            Self::Faint => "faint",
            Self::Agitation => "agitation",
            Self::ProbeOff => "probe-off",
            Self::CuffFails => "cuff-fails",
        }
    }
}

/// Anything that can be switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// At the bedside.
    Trouble(Trouble),
    /// Between the monitor and its socket.
    Fault(Fault),
}

impl Switch {
    /// All of them, those of the bedside first.
    pub fn all() -> impl Iterator<Item = Self> {
        let troubles = Trouble::ALL.into_iter().map(Self::Trouble);
        troubles.chain(Fault::ALL.into_iter().map(Self::Fault))
    }

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trouble(trouble) => trouble.name(),
            Self::Fault(fault) => fault.name(),
        }
    }

    /// Whether it stays on until it is switched off; the others happen once.
    pub fn stays(self) -> bool {
        match self {
            Self::Trouble(trouble) => trouble == Trouble::ProbeOff,
            Self::Fault(fault) => fault != Fault::Restart,
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Switch {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::all().find(|switch| switch.name() == name).ok_or_else(|| {
            let all: Vec<_> = Self::all().map(Self::name).collect();
            format!("{name:?} cannot be switched; allowed are {}", all.join(", "))
        })
    }
}

impl From<Fault> for Switch {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Trouble> for Switch {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}
