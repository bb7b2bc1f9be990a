use std::io;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::log;

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Signals that by default end a program, and that are no reason for a server to end: a file that
/// reached its size limit (the write fails, and that is handled), a pipe whose reader is gone,
/// timers that nobody set, signals between programs that have no agreed meaning. Signals that
/// report a fault of our own (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP) keep their
/// effect.
const SURVIVED: &[Number] = &[
    Number::XFSZ,
    Number::XCPU,
    Number::PIPE,
    Number::USR1,
    Number::USR2,
    Number::ALARM,
    Number::VTALARM,
    Number::PROF,
    Number::IO,
    #[cfg(target_os = "linux")]
    Number::POWER,
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    Number::STKFLT,
];
/// The real-time signals end a program too; the first three are the C library's own.
#[cfg(target_os = "linux")]
const REAL_TIME: std::ops::RangeInclusive<i32> = 35..=64;

/// What the end of the terminal (SIGHUP) means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hangup {
    /// Nothing: a server that was started by hand continues after its administrator has logged out.
    Survive,
    /// The end: a demo belongs to the terminal that started it.
    Stop,
}

/// From now on SIGTERM, SIGINT (Ctrl-C), SIGQUIT and perhaps SIGHUP cancel `stop`; a second one
/// ends the process at once, after `at_last`. No other signal that somebody may send or the system
/// may raise ends it, except SIGKILL and those of a fault.
/// may raise ends it, but SIGKILL and those of a fault.
///
/// # Errors
/// The system does not let us listen for signals.
pub fn stop_on_signals(
    stop: CancellationToken,
    hangup: Hangup,
    at_last: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    survive()?;
    let mut asked = StopSignals {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
        quit: signal(SignalKind::quit())?,
        hangup: signal(SignalKind::hangup())?,
        hangup_stops: hangup == Hangup::Stop,
    };
    tokio::spawn(async move {
        asked.next().await;
        info!("asked to stop; ask again to end at once");
        stop.cancel();
        asked.next().await;
        at_last();
        log::flush();
        std::process::exit(INTERRUPTED);
    });
    Ok(())
}

/// Disables the effect of the signals that should have none. A handler that was once registered
/// stays, although nobody listens.
fn survive() -> io::Result<()> {
    for number in SURVIVED {
        drop(signal(SignalKind::from_raw(number.as_raw()))?);
    }
    #[cfg(target_os = "linux")]
    for number in REAL_TIME {
        drop(signal(SignalKind::from_raw(number))?);
    }
    Ok(())
}

struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    hangup: Signal,
    hangup_stops: bool,
}

impl StopSignals {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.quit.recv() => {}
            _ = self.hangup.recv(), if self.hangup_stops => {}
        }
    }
}
