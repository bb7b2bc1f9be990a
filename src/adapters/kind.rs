//! The languages of listeners. A new one is its folder and a row in each table here.

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Intake, ListenerOptions, hl7};

/// The language of a listener to which monitors connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdapterKind {
    /// HL7 v2 in MLLP frames over TCP.
    Hl7Mllp,
}

impl AdapterKind {
    /// Every kind.
    pub const ALL: [Self; 1] = [Self::Hl7Mllp];

    /// Its name in the configuration, and as shown at the device.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hl7Mllp => hl7::ADAPTER,
        }
    }

    /// Serves monitors until `shutdown`.
    pub async fn serve(
        self,
        listener: TcpListener,
        options: ListenerOptions,
        intake: Intake,
        shutdown: CancellationToken,
    ) {
        match self {
            Self::Hl7Mllp => hl7::serve(listener, options, intake, shutdown).await,
        }
    }
}
