//! Says to browsers' makers who sends (RFC 8292).

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;
use url::Url;

use crate::vitals::Millis;

/// In the data directory; only we may read it.
const FILE: &str = "push.key";
/// How long a signature counts; at most a day.
const COUNTS_S: i64 = 12 * 60 * 60;

/// The server's key for browsers, the same over its whole life: a browser's subscription is for
/// this key alone.
pub(super) struct Vapid {
    key: EcdsaKeyPair,
    contact: String,
}

impl std::fmt::Debug for Vapid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vapid").field("contact", &self.contact).finish_non_exhaustive()
    }
}

impl Vapid {
    /// The key in this folder, which is made at the first time.
    pub(super) fn open(folder: &Path, contact: &str) -> Result<Self, String> {
        let file = folder.join(FILE);
        let stored = match std::fs::read(&file) {
            Ok(stored) => stored,
            Err(error) if error.kind() == ErrorKind::NotFound => made(folder, &file)?,
            Err(error) => return Err(format!("{} cannot be read ({error})", file.display())),
        };
        let (random, way) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let key = EcdsaKeyPair::from_pkcs8(way, &stored, &random).map_err(|_| {
            format!(
                "{} holds no key: put the one of a backup there, or delete it, after which everybody \
                 has to subscribe again",
                file.display()
            )
        })?;
        Ok(Self { key, contact: contact.to_owned() })
    }

    /// The public key, as browsers want it.
    pub(super) fn public_key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.key.public_key())
    }

    /// What a request to this endpoint carries as `Authorization`.
    pub(super) fn authorization(&self, endpoint: &Url, now: Millis) -> Option<String> {
        let origin = endpoint.origin().ascii_serialization();
        let claims = json!({"aud": origin, "exp": now.0 / 1_000 + COUNTS_S, "sub": self.contact});
        let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let head = encoded(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", encoded(&claims.to_string()));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        Some(format!("vapid t={signed}.{signature}, k={}", self.public_key()))
    }
}

/// Makes the key. It has its name only once it is whole and on disk.
fn made(folder: &Path, file: &Path) -> Result<Vec<u8>, String> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    let key = key.map_err(|_| "there is no randomness for a key".to_owned())?.as_ref().to_vec();
    let unfinished = folder.join(format!("{FILE}.new"));
    let write = || {
        let mut open = OpenOptions::new();
        let mut new = open.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        new.write_all(&key)?;
        new.sync_all()?;
        std::fs::rename(&unfinished, file)?;
        File::open(folder)?.sync_all()
    };
    write()
        .map_err(|error: std::io::Error| format!("{} cannot be made ({error})", file.display()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_we_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Vapid::open(folder.path(), "mailto:it@clinic.example");
        let first = open().unwrap().public_key();
        let file = folder.path().join(FILE);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(open().unwrap().public_key(), first);
        std::fs::write(&file, "no key").unwrap();
        assert!(open().unwrap_err().contains("subscribe again"));
    }

    #[test]
    fn a_request_says_to_whom_by_whom_and_until_when_and_is_signed() {
        let folder = tempfile::tempdir().unwrap();
        let vapid = Vapid::open(folder.path(), "mailto:it@clinic.example").unwrap();
        let endpoint = Url::parse("https://push.example:8443/send/abc?d=e").unwrap();
        let header = vapid.authorization(&endpoint, Millis(5_000)).unwrap();
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let decoded = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&decoded(parts[1])).unwrap();
        let expected = json!({"aud": "https://push.example:8443", "exp": 5 + COUNTS_S,
            "sub": "mailto:it@clinic.example"});
        assert_eq!(claims, expected);
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decoded(key));
        let signed = format!("{}.{}", parts[0], parts[1]);
        key.verify(signed.as_bytes(), &decoded(parts[2])).unwrap();
    }
}
