use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::browsers::{Browsers, NoBrowser};
use super::channel::{Carrier, Channel};
use super::email::Mailer;
use super::failure::{ChannelError, Failure};
use super::ping::Pinger;
use super::web::Web;
use super::webhook::Webhook;
use crate::clock::Clock;
use crate::config::{self, Way};
use crate::contract;
use crate::notice::{Message, Route};
use crate::store::{PushRow, Store};
use crate::vitals::Millis;
use crate::ward::{Outgoings, Outlet};

/// Whoever tries a channel waits for it no longer than this.
const TESTED_WITHIN: Duration = Duration::from_secs(6);

/// The way from the ward to these channels, and where it ends.
#[must_use]
pub fn outlet(channels: &[config::Channel]) -> (Outlet, Outgoings) {
    let for_alerts = channels.iter().filter(|one| !matches!(one.way, Way::Ping(_)));
    let routes = for_alerts.map(|one| Route {
        channel: one.id.clone(),
        priorities: one.priorities.clone(),
        audiences: one.audiences.clone(),
        has_initials: one.has_initials,
    });
    Outlet::new(routes.collect())
}

/// The channels of a server, as the rest of the program sees them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Channels {
    pub(super) all: Arc<[Arc<Channel>]>,
    pub(super) clock: Clock,
    pub(super) store: Store,
    zone: TimeZone,
}

impl Channels {
    /// Reads secrets and keys; nothing is said yet.
    ///
    /// # Errors
    /// A secret cannot be read, or a key cannot be made.
    pub fn open(
        config: &[config::Channel],
        folder: &Path,
        zone: TimeZone,
        (clock, store): (Clock, Store),
    ) -> Result<Self, ChannelError> {
        let mut all = Vec::new();
        if let Some(first) = config.first() {
            let failed = |channel: &str, what| ChannelError { channel: channel.to_owned(), what };
            let web = Web::new().map_err(|what| failed(&first.id, what))?;
            for one in config {
                let carrier = match &one.way {
                    Way::Webhook(config) => Webhook::open(config, &web).map(Carrier::Webhook),
                    Way::Email(config) => Mailer::open(config).map(Carrier::Email),
                    Way::Ping(config) => Ok(Carrier::Ping(Pinger::new(config, &web))),
                    Way::Push(config) => {
                        let with = (clock, store.clone());
                        Browsers::open(config, (folder, &web), with).map(Carrier::Push)
                    }
                };
                let carrier = carrier.map_err(|what| failed(&one.id, what))?;
                all.push(Arc::new(Channel::new(one.id.clone(), one.priorities.clone(), carrier)));
            }
        }
        Ok(Self { all: all.into(), clock, store, zone })
    }

    /// Of a server that has none.
    #[must_use]
    pub fn none((clock, store): (Clock, Store)) -> Self {
        Self { all: Arc::default(), clock, store, zone: TimeZone::UTC }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Channel>> {
        self.all.iter().find(|channel| channel.id == id)
    }

    /// The time as staff read it, with the day where that is not today.
    pub(super) fn time(&self, at: Millis) -> String {
        let shown = |at: Millis, form: &str| {
            let time = Timestamp::from_millisecond(at.0).unwrap_or_default();
            time.to_zoned(self.zone.clone()).strftime(form).to_string()
        };
        let day = |at| shown(at, "%Y-%m-%d");
        let is_today = day(at) == day(self.clock.now());
        shown(at, if is_today { "%H:%M" } else { "%Y-%m-%d %H:%M" })
    }

    /// All of them, as an administrator sees them.
    #[must_use]
    pub fn shown(&self) -> contract::Channels {
        contract::Channels { channels: self.all.iter().map(|channel| channel.shown()).collect() }
    }

    /// Says over a channel that this is a test; `None` if there is no such channel.
    pub async fn test(&self, id: &str) -> Option<contract::ChannelTest> {
        let channel = self.get(id)?;
        let at = self.clock.now();
        let message = Message::test(&format!("test-{}", at.0), at, &self.time(at));
        let carried = tokio::time::timeout(TESTED_WITHIN, channel.carrier.carry(&message)).await;
        let carried = carried.unwrap_or_else(|_| {
            let why = format!("Nothing was answered within {} s.", TESTED_WITHIN.as_secs());
            Err(Failure::new(why, "Check whether it works, and the way to it."))
        });
        let now = self.clock.now();
        let failure = carried.err();
        match failure.clone() {
            None => channel.worked(now),
            Some(failure) => channel.failed(failure, now),
        }
        Some(contract::ChannelTest {
            delivered: failure.is_none(),
            why: failure.as_ref().map(|failure| failure.why.clone()),
            remedy: failure.map(|failure| failure.remedy),
        })
    }

    pub(super) fn browsers(&self) -> Option<&Browsers> {
        self.all.iter().find_map(|channel| match &channel.carrier {
            Carrier::Push(browsers) => Some(browsers),
            _ => None,
        })
    }

    /// The key that a browser needs; `None` when no channel is for browsers.
    #[must_use]
    pub fn push_key(&self) -> Option<String> {
        self.browsers().map(Browsers::public_key)
    }

    /// Whether a browser with this address can be told; `None` when no channel is for browsers.
    #[must_use]
    pub fn check_browser(&self, endpoint: &str, name: &str) -> Option<Result<(), NoBrowser>> {
        self.browsers().map(|browsers| browsers.check(endpoint, name))
    }

    /// From now on this browser is told. Gives those of the same person that are not any more.
    pub fn add_browser(&self, row: PushRow) -> Vec<String> {
        self.browsers().map(|browsers| browsers.add(row)).unwrap_or_default()
    }

    /// By which name we know the address of a browser: the browser computes it too.
    #[must_use]
    pub fn browser_id(endpoint: &str) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, endpoint.as_bytes());
        digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The browsers in which somebody is told.
    #[must_use]
    pub fn browsers_of(&self, name: &str) -> Vec<String> {
        self.browsers().map(|browsers| browsers.of(name)).unwrap_or_default()
    }

    /// Who wants to be told in this browser.
    #[must_use]
    pub fn owner_of_browser(&self, id: &str) -> Option<String> {
        self.browsers()?.owner(id)
    }

    /// From now on this browser is not told.
    pub fn remove_browser(&self, id: &str) {
        if let Some(browsers) = self.browsers() {
            browsers.remove(id);
        }
    }
}
