//! Channels against receivers of the tests' own.

mod alerts;
mod browsers;
mod mail;
mod receiver;
mod webhooks;

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Channels, Tasks, outlet};
use crate::clock::Clock;
use crate::config;
use crate::journal::Journal;
use crate::notice::{AlertStep, Audience, Delivery, Step, Told, Whose};
use crate::profile::{Condition, Priority};
use crate::room::AlertState;
use crate::store::{DeliveryRow, Store, Upsert};
use crate::vitals::{Millis, RoomId};
use crate::ward::{self, Ward, WardConfig};
use receiver::{Answering, Receiver};

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it did not come in time")
}

/// A server's channels, its ward and its record.
struct House {
    _folder: tempfile::TempDir,
    journal: Journal,
    channels: Channels,
    ward: Ward,
    clock: Clock,
    config: Vec<config::Channel>,
}

impl House {
    /// With these `[[channels]]`.
    async fn with(channels: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config::read_text(channels).unwrap_or_else(|problems| panic!("{problems}"));
        let journal = Journal::open(folder.path()).await.unwrap();
        let clock = Clock::start();
        let with = (clock, journal.store());
        let zone = jiff::tz::TimeZone::UTC;
        let channels = Channels::open(&config.channels, folder.path(), zone, with).unwrap();
        let ward = WardConfig::default();
        let (ward, _looping) = ward::start(journal.clone(), &ward, clock).await.unwrap();
        let config = config.channels;
        Self { _folder: folder, journal, channels, ward, clock, config }
    }

    fn store(&self) -> Store {
        self.journal.store()
    }

    /// Stored, as by a run that was killed before it said them.
    async fn left(&self, deliveries: &[Delivery]) {
        let rows = deliveries.iter().map(|one| Upsert::Delivery(DeliveryRow::waiting(one)));
        self.put(rows.collect()).await;
    }

    async fn put(&self, views: Vec<Upsert>) {
        let (stored, told) = tokio::sync::oneshot::channel();
        self.store().put(views, vec![stored]).unwrap();
        told.await.unwrap();
    }

    /// The tasks begin.
    fn begin(&self) -> Running {
        let stop = CancellationToken::new();
        let tasks = Tasks::new(self.channels.clone(), self.ward.clone(), stop.clone());
        let (_outlet, outgoings) = outlet(&self.config);
        let tasks = tokio::spawn(async move {
            tasks.run(outgoings).await;
            drop(_outlet);
        });
        Running { stop, tasks }
    }

    /// Waits until that many are still to be said, on disk.
    async fn until_waiting(&self, count: usize) {
        in_time(async {
            while self.store().waiting_deliveries(10_000).await.unwrap().len() != count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }
}

struct Running {
    stop: CancellationToken,
    tasks: JoinHandle<()>,
}

impl Running {
    async fn end(self) {
        self.stop.cancel();
        in_time(self.tasks).await.unwrap();
    }
}

/// What the channels say of a step of an alert.
fn told(config: &[config::Channel], alert: &str, steps: &[Step]) -> Vec<Delivery> {
    let routes = config.iter().map(|one| crate::notice::Route {
        channel: one.id.clone(),
        priorities: one.priorities.clone(),
        audiences: one.audiences.clone(),
        has_initials: one.has_initials,
    });
    let routes: Vec<_> = routes.collect();
    let mut told = Told::default();
    let whose = Whose { initials: Some("J.T.".to_owned()), ..Whose::default() };
    let all = steps.iter().zip(1..).flat_map(|(step, at)| {
        let step = AlertStep {
            alert: alert.to_owned(),
            room: Some(RoomId::new("3").unwrap()),
            priority: Priority::High,
            condition: Condition::Spo2Low,
            state: AlertState::Active,
            step: *step,
            at: Millis(1_763_726_400_000 + at),
            audience: Audience::All,
        };
        told.tell(&step, &routes, &whose)
    });
    all.collect()
}
