use serde::Serialize;
use utoipa::ToSchema;

use crate::profile::Priority;
use crate::vitals::Millis;

/// The ways by which alerts reach people away from the screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Channels {
    /// In the order of the configuration.
    pub channels: Vec<Channel>,
}

/// One way by which alerts reach people away from the screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Channel {
    /// Its name in the configuration.
    pub id: String,
    /// What kind of channel it is.
    pub kind: ChannelKind,
    /// Where it leads, without what must stay secret: a host, or how many browsers.
    pub to: String,
    /// Alerts of these priorities go out over it; none over a ping.
    pub priorities: Vec<Priority>,
    /// When it last worked.
    #[schema(required)]
    pub last_delivered: Option<Millis>,
    /// Messages that still have to go out.
    pub waiting: usize,
    /// Messages that never went out, since the record began.
    pub given_up: u64,
    /// Since when nothing gets out.
    #[schema(required)]
    pub failing_since: Option<Millis>,
    /// Why, in a sentence.
    #[schema(required)]
    pub why: Option<String>,
    /// What to do about it.
    #[schema(required)]
    pub remedy: Option<String>,
}

/// What kind of channel it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// A program's address.
    Webhook,
    /// A mail server.
    Email,
    /// Browsers of staff.
    Push,
    /// An outside watch that misses us when we are gone.
    Ping,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelTest {
    /// Whether it was taken.
    pub delivered: bool,
    /// Why not, in a sentence.
    #[schema(required)]
    pub why: Option<String>,
    /// What to do about it.
    #[schema(required)]
    pub remedy: Option<String>,
}

/// Whether browsers can be told of alerts while the page is closed, and which are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PushState {
    /// The server's public key, in base64url; `null` when no channel is for browsers.
    #[schema(required)]
    pub key: Option<String>,
    /// The subscriptions of whoever is signed in.
    pub subscriptions: Vec<String>,
}

/// A browser that is told of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Subscribed {
    /// Its subscription, to end it.
    pub id: String,
}
