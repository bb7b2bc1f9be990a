//! A campaign against the whole server: seeded schedules of crashes, torn writes, stalled disks,
//! clocks that are set, connections that drop or fall silent at any moment, and floods, each
//! followed by the question whether every promise was kept.
//!
//! Monitors, staff and screens are in this process, and so are the network and the time: hours pass
//! in a moment. The application behind them is the real one, router, connections and sockets; the
//! disk is a real folder with the real engine on it. Nothing of the program runs but when the
//! schedule lets it, so that a seed always happens in the same way (`--twice` tries that).
//!
//! `cargo run --example campaign -- --seeds 300` tries that many; a failing one prints the command
//! that repeats it. For thousands, add `--profile campaign`.

mod alarms;
#[path = "../by_hand.rs"]
mod by_hand;
mod calls;
#[path = "../chance.rs"]
mod chance;
mod clinic;
mod disk;
mod ends;
mod model;
mod monitors;
mod net;
mod orders;
mod promises;
mod screens;
mod server;
mod socket;
mod staff;
mod tally;
mod trace;
mod troubles;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::ensure;
use clap::Parser;
use tally::Tally;

/// Tries the ward against crashes, bad disks, wrong clocks and floods.
#[derive(Parser)]
struct Args {
    /// How many schedules
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Print what happens
    #[arg(long)]
    tell: bool,
    /// Play each twice: it must go the same way
    #[arg(long)]
    twice: bool,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let workers =
        if args.tell { 1 } else { thread::available_parallelism().map_or(1, usize::from) };
    let next = AtomicU64::new(args.from);
    let end = args.from + args.seeds;
    let tried = Mutex::new(Tally::default());
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(seed) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|s| *s < end)
                {
                    match play(seed, &args) {
                        Ok(tally) => locked(&tried).add(&tally),
                        Err(error) => {
                            // The others end with what they have begun.
                            next.store(end, Ordering::Relaxed);
                            locked(&failed).get_or_insert((seed, error));
                        }
                    }
                }
            });
        }
    });
    if let Some((seed, error)) = locked(&failed).take() {
        let again = format!("cargo run --example campaign -- --from {seed} --seeds 1 --tell");
        return Err(error.context(format!("schedule {seed}, again by: {again}")));
    }
    println!("{} schedules, nothing broken: {}", args.seeds, locked(&tried));
    Ok(())
}

fn play(seed: u64, args: &Args) -> anyhow::Result<Tally> {
    let (tally, trace) = clinic::play(seed, args.tell)?;
    if args.twice {
        let (_, again) = clinic::play(seed, args.tell)?;
        ensure!(again.number() == trace.number(), "it goes another way the second time");
    }
    Ok(tally)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
