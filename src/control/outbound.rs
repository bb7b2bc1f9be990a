//! What is sent to the hospital's systems.

use serde::{Deserialize, Serialize};

use super::context::ControlContext;
use super::request::Request;
use crate::contract::Outbound;
use crate::outbound::status;

/// How it goes with each of the hospital's systems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOutbound {}

impl Request for ListOutbound {
    type Answer = Outbound;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Outbound> {
        Ok(status(&context.store, &context.outbound, context.clock.now()).await?)
    }
}
