//! The languages that simulated monitors speak.

use std::fmt;
use std::str::FromStr;

use super::efficia::{self, Efficia};
use super::loinc::{self, Loinc};
use super::mindray::{Mindray, equipment_id};
use super::nameplate::Nameplate;
use super::native::Native;
use super::outbox::Packet;
use super::readout::MonitorReadout;

/// A language, with the habits of the kind of monitor that speaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// JSON over the ingest WebSocket, each second (protocols.md#json).
    Native,
    /// A Mindray VS: IHE PCD-01 with MDC codes, each second (protocols.md#mdc).
    Mindray,
    /// A Philips Efficia: MDIL codes, each minute and at once for a cuff reading or an alarm
    /// (protocols.md#mdil).
    Efficia,
    /// A gateway that speaks LOINC, every five seconds unless it is set differently, with a
    /// connection for each message (protocols.md#loinc).
    Loinc,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Native, Self::Mindray, Self::Efficia, Self::Loinc];

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Mindray => "mindray",
            Self::Efficia => "efficia",
            Self::Loinc => "loinc",
        }
    }

    /// Whether it travels as HL7 over MLLP.
    pub fn is_hl7(self) -> bool {
        self != Self::Native
    }

    /// The id that a server gives monitor `number` by the content of its messages
    /// (protocols.md#whose-data-it-is). A native monitor's token gives its id, which by custom is
    /// `sim-NUMBER`.
    pub fn device_id(self, number: usize) -> String {
        match self {
            Self::Native => format!("sim-{number}"),
            Self::Mindray => equipment_id(number),
            Self::Efficia => efficia::serial(number),
            Self::Loinc => loinc::device_id(number),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|dialect| dialect.name() == name);
        found.ok_or_else(|| {
            format!(
                "{name:?} is not a dialect; allowed are {}",
                Self::ALL.map(Self::name).join(", ")
            )
        })
    }
}

/// A monitor's voice. Pure: what it shows goes in, what goes over the wire comes out.
#[derive(Debug, Clone)]
pub(super) enum Speaker {
    Native(Native),
    Mindray(Mindray),
    Efficia(Efficia),
    Loinc(Loinc),
}

impl Speaker {
    /// A monitor that was just switched on.
    pub(super) fn new(dialect: Dialect, nameplate: &Nameplate) -> Self {
        match dialect {
            Dialect::Native => Self::Native(Native::new(nameplate.boot.clone())),
            Dialect::Mindray => Self::Mindray(Mindray::new(nameplate)),
            Dialect::Efficia => Self::Efficia(Efficia::new(nameplate)),
            Dialect::Loinc => Self::Loinc(Loinc::new(nameplate)),
        }
    }

    /// What it sends at this moment, which may be nothing.
    pub(super) fn say(&mut self, showing: &MonitorReadout) -> Vec<Packet> {
        match self {
            Self::Native(native) => native.say(showing),
            Self::Mindray(mindray) => vec![mindray.say(showing)],
            Self::Efficia(efficia) => efficia.say(showing).into_iter().collect(),
            Self::Loinc(loinc) => loinc.say(showing).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_dialect_is_told_the_known_ones() {
        assert_eq!("loinc".parse(), Ok(Dialect::Loinc));
        let problem = "fhir".parse::<Dialect>().expect_err("not one of them");
        assert_eq!(
            problem,
            "\"fhir\" is not a dialect; allowed are native, mindray, efficia, loinc"
        );
    }
}
