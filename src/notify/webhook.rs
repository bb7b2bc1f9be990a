use std::path::Path;

use axum::http::{HeaderName, Method, header};
use ring::hmac;

use super::failure::Failure;
use super::web::{Call, Reach, Web, taken};
use crate::config;
use crate::notice::{Message, Posted};

const SIGNATURE: HeaderName = HeaderName::from_static("x-dripwatch-signature");
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest secret or token that is read from a file, bytes.
const LONGEST_SECRET: u64 = 4_096;

/// Posts to a program's address.
#[derive(Debug)]
pub(super) struct Webhook {
    config: config::Webhook,
    secret: Option<hmac::Key>,
    token: Option<String>,
    web: Web,
}

impl Webhook {
    pub(super) fn open(config: &config::Webhook, web: &Web) -> Result<Self, String> {
        let read = |file: &Option<_>| file.as_deref().map(secret_in).transpose();
        let secret = read(&config.secret_file)?;
        Ok(Self {
            secret: secret.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())),
            token: read(&config.token_file)?,
            config: config.clone(),
            web: web.clone(),
        })
    }

    /// Where it leads, without the path: that may be a secret.
    pub(super) fn to(&self) -> String {
        self.config.url.host_str().unwrap_or_default().to_owned()
    }

    pub(super) async fn carry(&self, message: &Message) -> Result<(), Failure> {
        let Posted { media_type, headers, body } = self.config.format.posted(message);
        let named = headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value));
        let mut headers: Vec<(HeaderName, String)> = named.collect();
        headers.push((header::CONTENT_TYPE, media_type.to_owned()));
        headers.push((KEY, message.id.clone()));
        if let Some(secret) = &self.secret {
            headers.push((SIGNATURE, format!("sha256={}", signature(secret, body.as_bytes()))));
        }
        if let Some(token) = &self.token {
            headers.push((header::AUTHORIZATION, format!("Bearer {token}")));
        }
        let call = Call {
            method: Method::POST,
            url: &self.config.url,
            reach: Reach::Configured(&self.config.allow),
            headers,
            body: body.into_bytes(),
        };
        taken(&self.to(), self.web.status(call).await?)
    }
}

/// HMAC-SHA256 of the body, in hexadecimal digits.
fn signature(secret: &hmac::Key, body: &[u8]) -> String {
    hmac::sign(secret, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a file holds, without the end of its last line.
pub(super) fn secret_in(file: &Path) -> Result<String, String> {
    let name = file.display();
    let about = std::fs::metadata(file)
        .map_err(|error| format!("{name} cannot be read ({error}): write the secret into it"))?;
    if !about.is_file() || about.len() > LONGEST_SECRET {
        return Err(format!("{name} must be a file of {LONGEST_SECRET} bytes at most"));
    }
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{name} cannot be read ({error}): make it readable for us"))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(format!("{name} must hold the secret in one line"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_signed_as_everybody_else_computes_it() {
        // RFC 4231, test case 2.
        let secret = hmac::Key::new(hmac::HMAC_SHA256, b"Jefe");
        assert_eq!(
            signature(&secret, b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_secret_is_one_line_of_a_file_that_is_not_too_long() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hook.key");
        assert!(secret_in(&file).unwrap_err().contains("write the secret into it"));
        std::fs::write(&file, "s3cret\n").unwrap();
        assert_eq!(secret_in(&file).unwrap(), "s3cret");
        for bad in ["", "\n", "two\nlines\n"] {
            std::fs::write(&file, bad).unwrap();
            assert!(secret_in(&file).is_err(), "{bad:?}");
        }
        std::fs::write(&file, "x".repeat(4_097)).unwrap();
        assert!(secret_in(&file).unwrap_err().contains("4096 bytes"));
        assert!(secret_in(folder.path()).is_err());
    }
}
