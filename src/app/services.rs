use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The time that closing always gets, however long draining took.
pub(super) const LAST_MOMENT: Duration = Duration::from_millis(500);

/// The parts of a server, each of which runs until `stop`.
#[derive(Debug)]
pub(super) struct Services {
    tasks: JoinSet<&'static str>,
    stop: CancellationToken,
}

impl Services {
    pub(super) fn new(stop: CancellationToken) -> Self {
        Self { tasks: JoinSet::new(), stop }
    }

    /// Starts a part, which must end soon after `stop` and not before.
    pub(super) fn start(
        &mut self,
        name: &'static str,
        service: impl Future<Output = ()> + Send + 'static,
    ) {
        self.tasks.spawn(async move {
            service.await;
            name
        });
    }

    /// Waits for `stop`. A part that ends before that stops the others: half a server that looks
    /// whole is worse than one that is restarted.
    pub(super) async fn until_stopped(&mut self) -> anyhow::Result<()> {
        tokio::select! {
            () = self.stop.cancelled() => Ok(()),
            Some(ended) = self.tasks.join_next() => {
                // Both may have happened at once.
                if self.stop.is_cancelled() {
                    return Ok(());
                }
                self.stop.cancel();
                match ended {
                    Ok(name) => anyhow::bail!("a part of the server ended by itself: {name}"),
                    Err(error) => anyhow::bail!("a part of the server failed: {error}"),
                }
            }
        }
    }

    /// Waits for every part to end, but no longer than `patience`.
    pub(super) async fn drain(mut self, patience: Duration) {
        info!("stopping; finishing what has begun");
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, ended).await.is_err() {
            warn!("{} parts did not end in time and are cut off", self.tasks.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_that_ends_by_itself_stops_the_server() {
        let stop = CancellationToken::new();
        let mut services = Services::new(stop.clone());
        services.start("lasting", stop.clone().cancelled_owned());
        services.start("short", async {});
        let error = services.until_stopped().await.unwrap_err();
        assert_eq!(error.to_string(), "a part of the server ended by itself: short");
        assert!(stop.is_cancelled());
        services.drain(Duration::from_secs(5)).await;
    }

    #[tokio::test]
    async fn a_part_that_does_not_end_is_cut_off() {
        let stop = CancellationToken::new();
        let mut services = Services::new(stop.clone());
        services.start("stuck", std::future::pending());
        stop.cancel();
        services.until_stopped().await.unwrap();
        services.drain(Duration::from_millis(20)).await;
    }
}
