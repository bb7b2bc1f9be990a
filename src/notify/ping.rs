use axum::http::Method;

use super::failure::Failure;
use super::web::{Call, Reach, Web, taken};
use crate::config;

/// Gives an outside watch a sign of life.
#[derive(Debug)]
pub(super) struct Pinger {
    config: config::Ping,
    web: Web,
}

impl Pinger {
    pub(super) fn new(config: &config::Ping, web: &Web) -> Self {
        Self { config: config.clone(), web: web.clone() }
    }

    pub(super) fn to(&self) -> String {
        self.config.url.host_str().unwrap_or_default().to_owned()
    }

    pub(super) fn every_s(&self) -> u32 {
        self.config.every_s
    }

    pub(super) async fn carry(&self) -> Result<(), Failure> {
        let call = Call {
            method: Method::GET,
            url: &self.config.url,
            reach: Reach::Configured(&self.config.allow),
            headers: Vec::new(),
            body: Vec::new(),
        };
        taken(&self.to(), self.web.status(call).await?)
    }
}
