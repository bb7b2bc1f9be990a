//! One run of the server: the real application behind a simulated network, its ward and its disk
//! in the schedule's hands.
//!
//! There are two runtimes on one thread, and each runs only while the schedule waits for it. One
//! has the calls: its time stops until it is moved, and it runs until nobody in it can go
//! on. The other has the record's writer: while it does not run, the disk stalls. Questions to the
//! disk have threads of the engine's own; the calls wait for their answers, and no time passes.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, ensure};
use dripwatch::adapters::{Arrival, Intake};
use dripwatch::clock::{Clock, Mark};
use dripwatch::http::{self, Answers, HttpState, Limits};
use dripwatch::journal::Journal;
use dripwatch::vitals::Millis;
use dripwatch::ward::{Command, Envelope, Ward, WardByHand, clock_set_by_ms};
use futures_util::task::AtomicWaker;
use metrics_exporter_prometheus::PrometheusBuilder;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::by_hand::ward_config;
use super::net::{Net, network};

/// Connections at a time: a flood of them fills all places.
const PLACES: usize = 96;
/// A server that stops takes no longer, in steps of a quarter of a second.
const DRAIN_STEPS: usize = 40;
/// The disk is slow at most, in our own time.
const DISK_WITHIN: Duration = Duration::from_secs(60);

/// Knows when none of the calls can go on.
#[derive(Default)]
struct Idle {
    times: AtomicU32,
    waker: AtomicWaker,
}

impl Idle {
    /// Waits until nobody can go on, twice: what fell due is found out by resting once.
    async fn reached(&self) {
        self.times.store(0, Ordering::Relaxed);
        poll_fn(|context| {
            if self.times.load(Ordering::Relaxed) >= 2 {
                return Poll::Ready(());
            }
            self.waker.register(context.waker());
            Poll::Pending
        })
        .await;
    }

    fn rests(&self) {
        self.times.fetch_add(1, Ordering::Relaxed);
        self.waker.wake();
    }
}

pub(crate) struct Server {
    pub(crate) folder: TempDir,
    pub(crate) net: Net,
    pub(crate) ward: WardByHand,
    pub(crate) now: Millis,
    /// While it is there, time does not pass by itself, nor can the calls' runtime end.
    held: std::sync::mpsc::Sender<()>,
    calls: Runtime,
    idle: Arc<Idle>,
    disk: Rc<Runtime>,
    commands: mpsc::Receiver<Envelope>,
    arrivals: mpsc::Receiver<Arrival>,
    clock: Clock,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

/// The runtime of a disk that works while it is waited for.
pub(crate) fn disk() -> anyhow::Result<Rc<Runtime>> {
    Ok(Rc::new(Builder::new_current_thread().enable_all().build()?))
}

fn calls(idle: &Arc<Idle>, journal: &Journal) -> anyhow::Result<Runtime> {
    let (idle, journal) = (Arc::clone(idle), journal.clone());
    let mut runtime = Builder::new_current_thread();
    // What the schedule has woken goes first at every turn, however many turns the engine's threads
    // have led to: the order is always the same.
    runtime.global_queue_interval(1);
    runtime.enable_time().start_paused(true).on_thread_park(move || {
        if journal.open_questions() == 0 {
            idle.rests();
        }
    });
    Ok(runtime.build()?)
}

/// Waits until the answers to the disk's runtime's own questions are taken.
async fn answered(journal: &Journal) {
    while journal.open_questions() > 0 {
        tokio::task::yield_now().await;
    }
}

impl Server {
    /// Begins on what is in the folder.
    pub(crate) fn begin(disk: &Rc<Runtime>, folder: TempDir, now: Mark) -> anyhow::Result<Self> {
        let (ward_config, journal) = (ward_config()?, disk.block_on(Journal::open(folder.path()))?);
        disk.block_on(answered(&journal));
        let idle = Arc::<Idle>::default();
        let calls = calls(&idle, &journal)?;
        let (held, until_let_go) = std::sync::mpsc::channel::<()>();
        calls.spawn_blocking(move || until_let_go.recv().is_err());
        // What a start records waits until the disk's runtime runs.
        let (answers, ward) = calls.block_on(async {
            let set_by_ms = clock_set_by_ms(&journal, &now).await?;
            let answers = Answers::load(&journal.store(), now.at, set_by_ms).await?;
            anyhow::Ok((answers, WardByHand::on(journal.clone(), &ward_config, now).await?))
        })?;
        let (orders, commands) = mpsc::channel(1_024);
        let (intake, arrivals) = Intake::channel();
        let stop = CancellationToken::new();
        let (net, door) = network();
        let entered = calls.enter();
        let clock = Clock::reading(now.at);
        drop(entered);
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let stopping = stop.clone();
        let ward_of_calls = Ward::new(orders, intake);
        let recalled = HttpState::recall(ward_of_calls, journal, clock, answers, metrics, stopping);
        let state = calls.block_on(recalled)?;
        let limits = Limits::default().at_most(PLACES);
        let serving = http::serve(limits, door, http::router(state), clock, stop.clone());
        let serving = calls.spawn(serving);
        let (now, disk) = (now.at, Rc::clone(disk));
        let mut server = Self {
            folder,
            net,
            ward,
            now,
            calls,
            held,
            idle,
            disk,
            commands,
            arrivals,
            clock,
            stop,
            serving,
        };
        server.settle();
        Ok(server)
    }

    /// Everybody goes on as far as they can, except for the disk.
    pub(crate) fn settle(&mut self) {
        loop {
            self.calls.block_on(self.idle.reached());
            let mut has_acted = false;
            while let Ok(command) = self.commands.try_recv() {
                self.ward.open_envelope(command, self.now);
                has_acted = true;
            }
            while let Ok(arrival) = self.arrivals.try_recv() {
                self.ward.arrive(arrival, self.now);
                has_acted = true;
            }
            if !has_acted {
                return;
            }
        }
    }

    /// Time passes.
    pub(crate) fn pass(&mut self, ms: u64) -> anyhow::Result<()> {
        self.now = self.now.plus(i64::try_from(ms)?);
        self.calls.block_on(tokio::time::advance(Duration::from_millis(ms)));
        let entered = self.calls.enter();
        let shown = self.clock.now();
        drop(entered);
        ensure!(shown == self.now, "the calls have {shown}, the ward has {}", self.now);
        self.settle();
        self.ward.look(self.now);
        self.settle();
        Ok(())
    }

    /// Everything so far reaches the disk. Nobody hears of it yet.
    pub(crate) fn write(&mut self) -> anyhow::Result<()> {
        let (stored, told) = oneshot::channel();
        self.ward.journal().barrier(stored);
        let journal = self.ward.journal();
        let writing = async {
            let written = tokio::time::timeout(DISK_WITHIN, told).await;
            // Also what is packed beside it, so that the files are always the same.
            while journal.is_packing() {
                tokio::task::yield_now().await;
            }
            written
        };
        self.disk.block_on(writing)?.context("the disk has no place")
    }

    /// What the disk says, asked by nobody of the calls.
    pub(crate) fn on_disk<T>(&self, asked: impl Future<Output = T>) -> T {
        self.disk.block_on(async {
            let answer = asked.await;
            answered(self.ward.journal()).await;
            answer
        })
    }

    /// Asks the ward.
    pub(crate) fn ask<C: Command>(&mut self, command: C) -> C::Answer {
        self.ward.ask(command, self.now)
    }

    /// Stops in good order, as `app::run` does.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.settle();
        for _ in 0..DRAIN_STEPS {
            if self.serving.is_finished() {
                break;
            }
            self.pass(250)?;
        }
        self.ward.stop(self.now);
        self.write()
    }

    /// It is gone, and whatever was under way with it; gives its folder back.
    pub(crate) fn end(self) -> anyhow::Result<TempDir> {
        let Self { folder, ward, calls, held, disk, serving, .. } = self;
        drop((serving, held));
        drop(calls);
        disk.block_on(ward.close())?;
        Ok(folder)
    }
}
