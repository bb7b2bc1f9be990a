//! Carries messages to one system.

use super::delivery::{Delivery, Load};
use super::pace::Pace;
use super::{fhir, mllp};
use crate::config::{self, Protocol};

/// Delivers a message over a connection of its own: what a receiver says there is about this one.
pub(super) async fn deliver(to: &config::Outbound, load: Load<'_>, pace: Pace) -> Delivery {
    let within = std::time::Duration::from_secs(to.timeout_s.into());
    let delivering = async {
        match &to.way {
            Protocol::Hl7(hl7) => mllp::deliver(hl7, to.ca_file.as_deref(), load, pace).await,
            Protocol::Fhir(fhir) => fhir::deliver(fhir, to.ca_file.as_deref(), load, pace).await,
        }
    };
    tokio::time::timeout(within, delivering)
        .await
        .unwrap_or_else(|_| Delivery::trouble(format!("no answer within {} s", to.timeout_s)))
}
