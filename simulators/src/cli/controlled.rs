//! The control listener beside a simulation.

use std::net::SocketAddr;

use clap::Args;
use simulators::control::{self, Board, Control};

#[derive(Args)]
pub(super) struct Controlled {
    /// Listen here, on this machine only, for `dripwatch-sim fault`, and serve a page with the
    /// same switches
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = control::USUAL_ADDRESS)]
    control: Option<SocketAddr>,
}

impl Controlled {
    /// Plays beside the control listener, if one is wanted.
    pub(super) async fn beside(
        self,
        board: Board,
        playing: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let Some(address) = self.control else { return playing.await };
        let control = Control::bind(address, board).await?;
        tokio::select! {
            ended = playing => ended,
            ended = control.serve() => ended,
        }
    }
}
