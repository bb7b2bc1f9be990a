//! What staff do at a server, as calls to its HTTP interface (design.md#http).

mod client;

pub use client::Nurse;
pub(crate) use client::{Entered, NOW, Place, SIMULATED_AUTHORITY, StaffClient};

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use tracing::warn;

use crate::clock::{Backoff, Pace};

const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// The server's HTTP interface, with a token.
#[derive(Debug, Clone)]
pub(crate) struct StaffApi {
    http: Client,
    base_url: String,
    token: String,
    pace: Pace,
    /// The id of this run.
    boot: String,
}

impl StaffApi {
    pub(crate) fn new(base_url: &str, token: &str, pace: Pace, boot: &str) -> anyhow::Result<Self> {
        if token.trim().is_empty() {
            bail!(
                "the staff need an API token: make one with `dripwatch token add NAME --role lead`"
            );
        }
        let http = Client::builder()
            .timeout(ANSWER_WITHIN)
            .build()
            .context("the HTTP client cannot start")?;
        Ok(Self {
            http,
            base_url: base_url.trim_end_matches('/').to_owned(),
            token: token.trim().to_owned(),
            pace,
            boot: boot.to_owned(),
        })
    }

    /// One call, repeated until the server gives an answer that a repetition would not change.
    async fn call(&self, method: Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
        let mut backoff = Backoff::default();
        loop {
            backoff.wait().await;
            let problem = match self.attempt(method.clone(), path, key, body).await {
                Ok(answer) if answer.is_final() => return answer,
                Ok(answer) if answer.status == StatusCode::UNAUTHORIZED => {
                    "the API token was refused: make one with `dripwatch token add NAME --role lead`"
                        .to_owned()
                }
                Ok(answer) => answer.said(),
                Err(problem) => format!("{problem:#}"),
            };
            warn!("{method} {path} failed, trying again: {problem}");
        }
    }

    async fn attempt(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.base_url)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("idempotency-key", key).json(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }
}

/// The server's answer to a call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    /// A busy or failing server, and a token that does not work yet, may change their mind.
    fn is_final(&self) -> bool {
        !(self.status.is_server_error()
            || matches!(
                self.status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::REQUEST_TIMEOUT
                    | StatusCode::UNAUTHORIZED
            ))
    }

    pub(crate) fn said(&self) -> String {
        format!("{} {}", self.status, self.body)
    }
}
