//! The browsers in which staff want to be told while the page is closed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderName, Method, StatusCode, header};
use futures_util::StreamExt as _;
use futures_util::stream;
use url::{Host, Url};

use super::failure::Failure;
use super::seal::{BrowserKeys, sealed};
use super::vapid::Vapid;
use super::web::{Call, Reach, Web, taken};
use crate::access::Role;
use crate::clock::Clock;
use crate::config::{self, AddressRange};
use crate::notice::{Audience, MAX_WAITING, Message};
use crate::rules::Priority;
use crate::store::{PushRow, Store, TokenKind, Upsert};

/// Browsers that are told.
pub const MAX_BROWSERS: usize = 1_000;
/// Browsers of one person; their oldest gives way.
pub const MAX_OF_ONE: usize = 10;
/// The longest address of a browser.
pub const LONGEST_ENDPOINT: usize = 1_000;
/// Browsers that are told at the same time.
const AT_ONCE: usize = 32;
/// A browser that was off for longer need not hear of it any more, seconds.
const WORTH_S: u32 = 3_600;

/// Why a browser cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBrowser {
    /// Its address is none of the web's.
    #[error("endpoint must be an https address that a browser gave")]
    Endpoint,
    /// There are too many.
    #[error("1000 browsers are told already: end one that is not used")]
    Full,
}

#[derive(Debug)]
pub(super) struct Browsers {
    vapid: Vapid,
    allow: Vec<AddressRange>,
    web: Web,
    clock: Clock,
    store: Store,
    rows: Mutex<Vec<PushRow>>,
    /// For messages that not everybody has got: who has.
    reached: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

/// What came of telling one browser.
enum Told {
    Taken,
    Gone,
    Failed(Failure),
}

impl Browsers {
    pub(super) fn open(
        config: &config::Push,
        (folder, web): (&Path, &Web),
        (clock, store): (Clock, Store),
    ) -> Result<Self, String> {
        Ok(Self {
            vapid: Vapid::open(folder, &config.contact)?,
            allow: config.allow.clone(),
            web: web.clone(),
            clock,
            store,
            rows: Mutex::default(),
            reached: Mutex::default(),
        })
    }

    fn rows(&self) -> MutexGuard<'_, Vec<PushRow>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reached(&self) -> MutexGuard<'_, BTreeMap<String, BTreeSet<String>>> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of the disk, beside any that came meanwhile.
    pub(super) fn restore(&self, stored: Vec<PushRow>) {
        let mut rows = self.rows();
        for row in stored {
            if rows.iter().all(|known| known.id != row.id) {
                rows.push(row);
            }
        }
    }

    pub(super) fn to(&self) -> String {
        match self.rows().len() {
            1 => "1 browser".to_owned(),
            many => format!("{many} browsers"),
        }
    }

    pub(super) fn public_key(&self) -> String {
        self.vapid.public_key()
    }

    /// Whether this address can be a browser's.
    pub(super) fn check(&self, endpoint: &str, name: &str) -> Result<(), NoBrowser> {
        let url = Url::parse(endpoint).map_err(|_| NoBrowser::Endpoint)?;
        let allowed = |address| Reach::Given(&self.allow).has(&url, address);
        let is_known = match url.host() {
            Some(Host::Ipv4(address)) => allowed(address.into()),
            Some(Host::Ipv6(address)) => allowed(address.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        // Over plain HTTP only where the clinic named the addresses: a test's.
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && !self.allow.is_empty());
        let has_login = !url.username().is_empty() || url.password().is_some();
        if endpoint.len() > LONGEST_ENDPOINT || !is_known || !is_safe || has_login {
            return Err(NoBrowser::Endpoint);
        }
        let rows = self.rows();
        let is_new = rows.iter().all(|row| row.endpoint != endpoint);
        let of_them = rows.iter().filter(|row| row.name == name).count();
        let is_full = rows.len() >= MAX_BROWSERS && of_them < MAX_OF_ONE;
        if is_new && is_full { Err(NoBrowser::Full) } else { Ok(()) }
    }

    /// One more. Gives those of the same person that give way to it.
    pub(super) fn add(&self, row: PushRow) -> Vec<String> {
        let mut rows = self.rows();
        rows.retain(|known| known.id != row.id);
        let name = row.name.clone();
        rows.push(row);
        let of_them: Vec<String> =
            rows.iter().filter(|row| row.name == name).map(|row| row.id.clone()).collect();
        let too_many = of_them.len().saturating_sub(MAX_OF_ONE);
        let gone: Vec<String> = of_them.into_iter().take(too_many).collect();
        rows.retain(|row| !gone.contains(&row.id));
        gone
    }

    /// Those of somebody.
    pub(super) fn of(&self, name: &str) -> Vec<String> {
        self.rows().iter().filter(|row| row.name == name).map(|row| row.id.clone()).collect()
    }

    /// Whose it is.
    pub(super) fn owner(&self, id: &str) -> Option<String> {
        self.rows().iter().find(|row| row.id == id).map(|row| row.name.clone())
    }

    pub(super) fn remove(&self, id: &str) {
        self.rows().retain(|row| row.id != id);
    }

    /// Tells everybody whom it is meant for and who has not got it yet.
    pub(super) async fn carry(&self, message: &Message) -> Result<(), Failure> {
        let body = message.for_browser().to_string();
        let mut reached = self.reached().get(&message.id).cloned().unwrap_or_default();
        let mut failures = Vec::new();
        // Again where a browser had ended its subscription: without it, others may be meant.
        let mut has_ended = true;
        while has_ended && failures.is_empty() {
            has_ended = false;
            let mut rows = self.meant(message);
            rows.retain(|row| !reached.contains(&row.id));
            let told = stream::iter(rows)
                .map(|row| async { (self.tell(&row, message, body.as_bytes()).await, row) })
                .buffer_unordered(AT_ONCE)
                .collect::<Vec<_>>();
            for (told, row) in told.await {
                match told {
                    Told::Taken => drop(reached.insert(row.id)),
                    Told::Gone => {
                        self.end(&row.id);
                        has_ended = true;
                    }
                    Told::Failed(failure) => failures.push(failure),
                }
            }
        }
        let Some(mut failure) = failures.pop() else {
            self.reached().remove(&message.id);
            return Ok(());
        };
        failure.is_partial = !reached.is_empty();
        let mut all = self.reached();
        // A message that nobody tries any more leaves its place to a newer one.
        if all.len() >= MAX_WAITING && !all.contains_key(&message.id) {
            all.pop_first();
        }
        all.insert(message.id.clone(), reached);
        Err(failure)
    }

    /// The browsers of those who should hear of it. Where the nurses that it is for have none, all
    /// nurses should.
    fn meant(&self, message: &Message) -> Vec<PushRow> {
        let (to, audience) = (&message.to, message.audience);
        let mut rows = self.rows().clone();
        rows.retain(|row| self.is_for(row, audience));
        let is_named =
            |row: &PushRow| self.initials_of(&row.name).is_some_and(|it| to.contains(&it));
        if rows.iter().any(is_named) {
            rows.retain(|row| is_named(row) || self.role_of(&row.name) == Some(Role::Prescriber));
        }
        rows
    }

    /// Whether whoever has the browser should hear of it: who may not sign in any more hears
    /// nothing, and a prescriber only what is meant for prescribers.
    fn is_for(&self, row: &PushRow, audience: Audience) -> bool {
        match self.role_of(&row.name) {
            None | Some(Role::Display) => false,
            Some(Role::Prescriber) => audience.has_prescriber(),
            Some(_) => true,
        }
    }

    fn initials_of(&self, name: &str) -> Option<String> {
        self.store.register().staff_named(name).map(|person| person.initials)
    }

    fn role_of(&self, name: &str) -> Option<Role> {
        let register = self.store.register();
        let person = register.staff_named(name).filter(|person| person.active);
        if let Some(person) = person {
            return person.role.parse().ok();
        }
        let programs = register.tokens(TokenKind::Program, self.clock.now());
        programs.into_iter().find(|program| program.subject == name)?.role?.parse().ok()
    }

    async fn tell(&self, row: &PushRow, message: &Message, body: &[u8]) -> Told {
        let keys = BrowserKeys { p256dh: &row.p256dh, auth: &row.auth };
        // Whatever else its key is, nobody can read what is sealed for it.
        let (Ok(url), Some(body)) = (Url::parse(&row.endpoint), sealed(body, keys)) else {
            return Told::Gone;
        };
        let Some(authorization) = self.vapid.authorization(&url, self.clock.now()) else {
            return Told::Failed(Failure::new("Nothing can be signed.", "Restart the server."));
        };
        let urgency = if message.priority == Priority::High { "high" } else { "normal" };
        let headers = vec![
            (header::AUTHORIZATION, authorization),
            (header::CONTENT_ENCODING, "aes128gcm".to_owned()),
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (HeaderName::from_static("ttl"), WORTH_S.to_string()),
            (HeaderName::from_static("urgency"), urgency.to_owned()),
            (HeaderName::from_static("topic"), message.about.clone()),
        ];
        let reach = Reach::Given(&self.allow);
        let call = Call { method: Method::POST, url: &url, reach, headers, body };
        match self.web.status(call).await {
            Ok(StatusCode::NOT_FOUND | StatusCode::GONE) => Told::Gone,
            Ok(status) => match taken(url.host_str().unwrap_or_default(), status) {
                Ok(()) => Told::Taken,
                Err(failure) => Told::Failed(failure),
            },
            Err(failure) => Told::Failed(failure),
        }
    }

    /// The browser is not there any more.
    fn end(&self, id: &str) {
        self.remove(id);
        tracing::info!(subscription = id, "a browser is not told any more: it has ended that");
        // Should there be no room, it is found out once more after a restart.
        let _ = self.store.put(vec![Upsert::PushGone { id: id.to_owned() }], Vec::new());
    }
}
