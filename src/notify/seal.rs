//! Seals a message for one browser (RFC 8291, RFC 8188): its maker's servers carry it and cannot
//! read it.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hmac;
use ring::rand::SystemRandom;

/// The length of the one record: longer than any message of ours.
const RECORD_BYTES: u32 = 4_096;
/// The longest message; a record also has its end and its tag.
pub const LONGEST_SEALED: usize = 3_900;
/// Marks the last record.
const LAST: u8 = 2;

/// The keys of a browser.
#[derive(Clone, Copy)]
pub(super) struct BrowserKeys<'a> {
    pub(super) p256dh: &'a [u8; 65],
    pub(super) auth: &'a [u8; 16],
}

/// The body that this browser can read; `None` when its key is none, or there is no randomness.
pub(super) fn sealed(message: &[u8], browser: BrowserKeys<'_>) -> Option<Vec<u8>> {
    let random = SystemRandom::new();
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).ok()?;
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &random).ok()?;
    let our_public: [u8; 65] = ours.compute_public_key().ok()?.as_ref().try_into().ok()?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, browser.p256dh);
    agree_ephemeral(ours, &theirs, |shared| {
        sealed_with(message, browser, (&our_public, shared), salt)
    })
    .ok()?
}

/// The same by keys and a salt that are known.
fn sealed_with(
    message: &[u8],
    browser: BrowserKeys<'_>,
    (our_public, shared): (&[u8; 65], &[u8]),
    salt: [u8; 16],
) -> Option<Vec<u8>> {
    if message.len() > LONGEST_SEALED {
        return None;
    }
    let info = [b"WebPush: info\0".as_slice(), browser.p256dh, our_public].concat();
    let secret = derived(&derived_key(browser.auth, shared), &info);
    let key = derived_key(&salt, secret.as_ref());
    let content_key = derived(&key, b"Content-Encoding: aes128gcm\0");
    let nonce = derived(&key, b"Content-Encoding: nonce\0");
    let content_key = UnboundKey::new(&AES_128_GCM, &content_key.as_ref()[..16]).ok()?;
    let nonce = Nonce::try_assume_unique_for_key(&nonce.as_ref()[..12]).ok()?;
    let mut record = [message, &[LAST]].concat();
    LessSafeKey::new(content_key)
        .seal_in_place_append_tag(nonce, Aad::empty(), &mut record)
        .ok()?;
    let length = u8::try_from(our_public.len()).ok()?;
    let head = [salt.as_slice(), &RECORD_BYTES.to_be_bytes(), &[length], our_public].concat();
    Some([head, record].concat())
}

/// HKDF's first step: a key of a salt and a secret.
fn derived_key(salt: &[u8], secret: &[u8]) -> hmac::Key {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), secret);
    hmac::Key::new(hmac::HMAC_SHA256, tag.as_ref())
}

/// HKDF's second step, for at most 32 bytes.
fn derived(key: &hmac::Key, info: &[u8]) -> hmac::Tag {
    hmac::sign(key, &[info, &[1]].concat())
}

/// Opens what was sealed for a browser, as it does.
#[cfg(test)]
pub(crate) mod opening {
    use super::*;

    /// A browser's side of a subscription, for one message: its key is used up by it.
    pub(crate) struct Browser {
        key: EphemeralPrivateKey,
        pub(crate) p256dh: [u8; 65],
        pub(crate) auth: [u8; 16],
    }

    impl Browser {
        pub(crate) fn new() -> Self {
            let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
            let p256dh = key.compute_public_key().unwrap().as_ref().try_into().unwrap();
            let mut auth = [0; 16];
            getrandom::fill(&mut auth).unwrap();
            Self { key, p256dh, auth }
        }

        /// What the body says, by RFC 8188's own order of its parts.
        pub(crate) fn open(self, body: &[u8]) -> Vec<u8> {
            let (salt, rest) = body.split_at(16);
            let (size, rest) = rest.split_at(4);
            assert_eq!(u32::from_be_bytes(size.try_into().unwrap()), 4_096);
            let (length, rest) = rest.split_at(1);
            let (public, record) = rest.split_at(length[0].into());
            let theirs = UnparsedPublicKey::new(&ECDH_P256, public);
            let Self { key, p256dh, auth } = self;
            let mut record = record.to_vec();
            agree_ephemeral(key, &theirs, |shared| {
                let info = [b"WebPush: info\0".as_slice(), &p256dh, public].concat();
                let secret = derived(&derived_key(&auth, shared), &info);
                let key = derived_key(salt, secret.as_ref());
                let content_key = derived(&key, b"Content-Encoding: aes128gcm\0");
                let nonce = derived(&key, b"Content-Encoding: nonce\0");
                let content_key =
                    UnboundKey::new(&AES_128_GCM, &content_key.as_ref()[..16]).unwrap();
                let nonce = Nonce::try_assume_unique_for_key(&nonce.as_ref()[..12]).unwrap();
                let opened = LessSafeKey::new(content_key)
                    .open_in_place(nonce, Aad::empty(), &mut record)
                    .unwrap();
                let (last, message) = opened.split_last().unwrap();
                assert_eq!(*last, LAST);
                message.to_vec()
            })
            .unwrap()
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        BASE64_URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn a_message_is_sealed_as_in_the_standard_s_own_example() {
        // RFC 8291, section 5 and appendix A.
        let p256dh = bytes::<65>(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let auth = bytes::<16>("BTBZMqHH6r4Tts7J_aSIgg");
        let ours = bytes::<65>(
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
        );
        let shared = bytes::<32>("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt = bytes::<16>("DGv6ra1nlYgDCS1FRnbzlw");
        let browser = BrowserKeys { p256dh: &p256dh, auth: &auth };
        let message = b"When I grow up, I want to be a watermelon";
        let body = sealed_with(message, browser, (&ours, &shared), salt).unwrap();
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY\
             WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS\
             gSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_browser_opens_what_was_sealed_for_it_and_nothing_is_longer_than_a_record() {
        let browser = opening::Browser::new();
        let (p256dh, auth) = (browser.p256dh, browser.auth);
        let keys = BrowserKeys { p256dh: &p256dh, auth: &auth };
        let body = sealed(b"room 3", keys).unwrap();
        assert_eq!(browser.open(&body), b"room 3");
        let longest = sealed(&[b'x'; LONGEST_SEALED], keys).unwrap();
        assert!(longest.len() <= RECORD_BYTES as usize);
        assert_eq!(sealed(&[b'x'; LONGEST_SEALED + 1], keys), None);
        assert_eq!(sealed(b"x", BrowserKeys { p256dh: &[4; 65], auth: &auth }), None);
    }
}
