//! The life of a server: listen, open, run, drain with a deadline.

mod disk;
mod files;
mod listen;
mod past;
mod services;
mod signals;

use std::path::PathBuf;
use std::sync::Arc;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use listen::{ListenError, Listeners};
pub use past::Past;
use services::Services;
pub use signals::{Hangup, stop_on_signals};

use crate::adapters::ListenerOptions;
use crate::clock::Clock;
use crate::config::{Adapter, Config};
use crate::contract;
use crate::control::{self, ControlContext, Presence, RecordSink};
use crate::http::{self, Answers, HttpState};
use crate::journal::{DATABASE, Journal, OpenError, Opening, ReadError};
use crate::notify::{self, ChannelError, Channels};
use crate::outbound::{self, Outbound, Pace, RecordsOfWard};
use crate::sealing::Sealing;
use crate::vitals::Source;
use crate::ward::{self, Outgoings, Outlet, WardByHand, WardConfig};

/// How long a server that stops may take to finish what it has begun.
const DRAIN_MS: i64 = 10_000;
/// The part of that time for recording failed sign-ins that are not recorded yet.
const SETTLE: std::time::Duration = std::time::Duration::from_secs(1);

/// Why a server cannot start. Each is one sentence for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be opened.
    #[error(transparent)]
    Data(#[from] OpenError),
    /// The data cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A channel cannot be used.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The socket for the commands cannot be made.
    #[error("{} cannot be made: {cause}", file.display())]
    Control {
        /// The socket.
        file: PathBuf,
        /// The system's error.
        #[source]
        cause: std::io::Error,
    },
}

/// A server that listens and has its data open, but does not serve yet.
#[derive(Debug)]
pub struct App {
    /// Its configuration.
    pub config: Config,
    /// Its clock.
    pub clock: Clock,
    /// By how much the machine's clock was set since the server last ran, milliseconds.
    pub clock_set_ms: i64,
    /// The open data.
    pub journal: Journal,
    /// The ways to people away from the screens.
    pub channels: Channels,
    /// The way from the ward to them, and where it ends.
    pub outlet: (Outlet, Outgoings),
    /// Where screens and programs connect.
    pub http: TcpListener,
    /// Where monitors connect.
    pub adapters: Vec<(Adapter, TcpListener)>,
    /// Where the commands connect.
    pub control: control::Listener,
    /// Keeps commands from starting a new database in place of our folder.
    pub presence: Presence,
    /// The source that monitors' readings are marked with: `simulator` in a demo.
    pub source: Source,
    /// What is played before the server listens.
    pub past: Option<Box<dyn Past>>,
    /// The demo's story, and what to try.
    pub captions: Vec<contract::Caption>,
}

impl App {
    /// Opens the data directory.
    ///
    /// # Errors
    /// It is in use, or not ours.
    pub async fn open(config: Config, listeners: Listeners) -> Result<Self, StartError> {
        let Listeners { http, adapters } = listeners;
        let folder = &config.server.data_dir;
        let presence = Presence::claim(folder);
        if presence.is_held_by_another() {
            // Perhaps this is a server whose folder was deleted: no other record begins in its
            // place. For a record that exists, the lock says whether it is in use.
            if !folder.join(DATABASE).exists() {
                return Err(OpenError::InUse { folder: folder.clone() }.into());
            }
            warn!(
                "another process holds the name of the data folder {}: a dripwatch with other \
                 data at the same path, such as in another container, does no harm",
                folder.display()
            );
        }
        let opening = Opening::beside(config.server.heads_file.clone());
        let journal = Journal::open_with(folder, &opening).await?;
        let clock = Clock::start();
        let clock_set_ms = ward::clock_set_by_ms(&journal, &clock.mark()).await?;
        let refused = |cause| StartError::Control { file: folder.join(control::SOCKET), cause };
        let control = control::Listener::bind(folder).map_err(refused)?;
        info!("data in {}", folder.display());
        let with = (clock, journal.store());
        let channels = Channels::open(&config.channels, folder, config.clinic.zone(), with)?;
        let outlet = notify::outlet(&config.channels);
        let source = Source::Monitor;
        Ok(Self {
            config,
            clock,
            clock_set_ms,
            journal,
            channels,
            outlet,
            http,
            adapters,
            control,
            presence,
            source,
            past: None,
            captions: Vec::new(),
        })
    }

    /// What carries out the commands.
    #[must_use]
    pub fn control_context(&self, sink: RecordSink) -> ControlContext {
        ControlContext {
            sink,
            store: self.journal.store(),
            journal: self.journal.clone(),
            clock: self.clock,
            rooms: self.config.rooms.iter().map(|room| room.id.clone()).collect(),
            devices: self.config.devices.iter().map(|device| device.id.clone()).collect(),
            outbound: self.config.outbound.clone().into(),
        }
    }

    fn ward_config(&self) -> WardConfig {
        let Config { rooms, devices, .. } = &self.config;
        WardConfig {
            rooms: rooms.iter().map(|room| (room.id.clone(), room.name.clone())).collect(),
            devices: devices.iter().map(|d| (d.id.clone(), d.room.clone())).collect(),
            source: self.source,
            outlet: self.outlet.0.clone(),
        }
    }
}

/// How long the probe of the alarm path takes, in seconds: from what is usual to what is an alert.
const ALARM_PATH_BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 2.0, 5.0];

fn prometheus() -> Result<PrometheusBuilder, BuildError> {
    let path = Matcher::Full("dripwatch_alarm_path_seconds".to_owned());
    PrometheusBuilder::new().set_buckets_for_metric(path, &ALARM_PATH_BUCKETS)
}

/// Serves until `stop`, or until a part of the server ends by itself, which is an error. Then it
/// accepts nothing more, finishes what it has begun, and closes the journal, within ten seconds.
///
/// # Errors
/// A part ended, or not everything could be stored in time.
pub async fn run(app: App, stop: CancellationToken) -> anyhow::Result<()> {
    let metrics = prometheus()?.install_recorder()?;
    let answers = Answers::load(&app.journal.store(), app.clock.now(), app.clock_set_ms).await?;
    let mut app = app;
    let (ward, looping) = match app.past.take() {
        None => ward::start(app.journal.clone(), &app.ward_config(), app.clock).await?,
        Some(past) => {
            let (journal, now) = (app.journal.clone(), app.clock.mark());
            let mut by_hand = WardByHand::on(journal, &app.ward_config(), now).await?;
            past.play(&mut by_hand).await?;
            by_hand.go_on(app.clock)
        }
    };
    let context = app.control_context(RecordSink::Ward(ward.clone()));
    let App { config, clock, journal, channels, outlet, http, adapters, .. } = app;
    let (control, presence, captions) = (app.control, app.presence, app.captions);
    let allowed = files::allowed_connections(adapters.len());
    let limits = http::Limits::default().at_most(allowed.http);
    let mut services = Services::new(stop.clone());
    // The ward is stopped after these, so that they can finish what they have begun.
    services.start("control.sock", control::serve(control, context, stop.clone()));
    for (adapter, listener) in adapters {
        let ranges = adapter.allow;
        let options = ListenerOptions {
            allow: Arc::new(move |address| ranges.iter().any(|range| range.contains(address))),
            zone: config.clinic.zone(),
            default_device: adapter.device,
            connections: allowed.adapter,
            now: Arc::new(move || clock.now()),
        };
        let serving = adapter.kind.serve(listener, options, ward.intake(), stop.clone());
        services.start(adapter.kind.name(), serving);
    }
    let recalled =
        HttpState::recall(ward.clone(), journal.clone(), clock, answers, metrics, stop.clone());
    let outbound: Arc<[_]> = config.outbound.clone().into();
    let of_clinic =
        (config.clinic.name.clone(), config.clinic.zone().iana_name().map(str::to_owned));
    let records = RecordsOfWard::new(ward.clone(), journal.clone(), clock, of_clinic);
    let sending = Outbound {
        destinations: Arc::clone(&outbound),
        store: journal.store(),
        clock,
        records: Arc::new(records),
        pace: Pace::default(),
    };
    services.start("outbound", outbound::run(sending, stop.clone()));
    let state = HttpState {
        frames_per_second: config.limits.frames_per_second.get(),
        secure_cookie: !config.server.listen.ip().is_loopback(),
        time_zone: config.clinic.zone().iana_name().map(Into::into),
        clinic: Some(config.clinic.name.as_str().into()),
        outbound,
        captions: captions.into(),
        retention: config.retention,
        channels: channels.clone(),
        ..recalled.await?
    };
    let telling = notify::Tasks::new(channels, ward.clone(), stop.clone());
    services.start("notify", telling.run(outlet.1));
    let disk = disk::Watch {
        folder: config.server.data_dir.clone(),
        low_mib: config.limits.disk_low_mib,
        ward: ward.clone(),
    };
    services.start("disk", disk.run(stop.clone()));
    let sealing = Sealing::new(ward.clone(), journal.clone(), clock, config.retention);
    services.start("sealing", sealing.run(stop.clone()));
    let serving = http::serve(limits, http, http::router(state.clone()), clock, stop.clone());
    services.start("http", serving);

    let mut looping = looping;
    let ended = tokio::select! {
        ended = services.until_stopped() => ended,
        // Nobody is watched without the ward's loop: a process that only looks alive must end.
        ended = &mut looping => {
            stop.cancel();
            anyhow::bail!("the ward has ended by itself: {ended:?}");
        }
    };
    let deadline = clock.now().plus(DRAIN_MS);
    services.drain(clock.until(deadline)).await;
    // A disk that hangs must not use up the rest of the time.
    let _ = tokio::time::timeout(SETTLE, http::settle(&state)).await;
    ward.stop().await;
    looping.await?;
    // Even when the deadline is past, what waits gets a moment: nobody was told that it is stored,
    // but it is worth storing.
    let closed = journal.close(clock.until(deadline).max(services::LAST_MOMENT)).await;
    drop(presence);
    info!("stopped");
    ended?;
    Ok(closed?)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use super::*;
    use crate::access::Role;
    use crate::control::{AddToken, Client};

    async fn opened(folder: &std::path::Path) -> App {
        open(folder).await.unwrap()
    }

    async fn open(folder: &std::path::Path) -> Result<App, StartError> {
        let mut config = Config { adapters: Vec::new(), ..Config::default() };
        config.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.server.data_dir = folder.to_owned();
        let listeners = Listeners::bind(&config).unwrap();
        App::open(config, listeners).await
    }

    #[tokio::test]
    async fn a_server_answers_commands_until_it_is_stopped_and_then_lets_its_data_go() {
        let folder = tempfile::tempdir().unwrap();
        let stop = CancellationToken::new();
        let server = tokio::spawn(run(opened(folder.path()).await, stop.clone()));

        let mut client = Client::connect(folder.path()).await.unwrap().unwrap();
        let request = AddToken { name: "wall".into(), role: Role::Display };
        assert!(client.ask(request).await.unwrap().recorded);

        stop.cancel();
        server.await.unwrap().unwrap();
        assert!(Client::connect(folder.path()).await.unwrap().is_none());
        opened(folder.path()).await;
    }

    fn is_in_use(refused: &Result<App, StartError>) -> bool {
        matches!(refused, Err(StartError::Data(OpenError::InUse { .. })))
    }

    #[tokio::test]
    async fn whoever_holds_the_folder_s_name_keeps_no_server_from_its_record_only_the_lock_does() {
        let folder = tempfile::tempdir().unwrap();
        let app = opened(folder.path()).await;
        app.journal.close(std::time::Duration::from_secs(60)).await.unwrap();
        drop(app);
        // As with a server in another container whose folder has the same path.
        let _other = Presence::claim(folder.path());
        let _app = opened(folder.path()).await;
        assert!(is_in_use(&open(folder.path()).await));
    }

    #[tokio::test]
    async fn no_record_begins_under_a_name_that_a_server_holds() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let other = Presence::claim(&folder);
        assert!(is_in_use(&open(&folder).await));
        assert!(!folder.exists());
        drop(other);
        opened(&folder).await;
    }
}
