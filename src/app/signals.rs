use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::info;

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// From now on SIGTERM and SIGINT (Ctrl-C) cancel `stop`; a second one ends the process at once,
/// after `at_last`.
///
/// # Errors
/// The system does not let us listen for signals.
pub fn stop_on_signals(
    stop: CancellationToken,
    at_last: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        next(&mut terminate, &mut interrupt).await;
        info!("asked to stop; once more to end at once");
        stop.cancel();
        next(&mut terminate, &mut interrupt).await;
        at_last();
        std::process::exit(INTERRUPTED);
    });
    Ok(())
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
