//! Screens hear at once that their login has ended: somebody signed out, or somebody else signed in
//! with the same browser.

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Sender, channel};

use super::super::stream::Ending;

/// Ends that a screen may be behind by: one that is behind by more is closed, and asks again.
const WAITING: usize = 64;

/// Tells of logins that end.
#[derive(Debug)]
pub(in crate::http) struct Logins(Sender<([u8; 32], &'static str)>);

impl Default for Logins {
    fn default() -> Self {
        Self(channel(WAITING).0)
    }
}

impl Logins {
    /// The login with this token has ended; the words say why.
    pub(super) fn end(&self, token: [u8; 32], why: &'static str) {
        // Without a screen there is nobody to tell.
        let _ = self.0.send((token, why));
    }

    /// Waits until the login with this token has ended.
    pub(in crate::http) async fn ended(&self, token: [u8; 32]) -> Option<Ending> {
        let mut ends = self.0.subscribe();
        loop {
            match ends.recv().await {
                Ok((ended, why)) if ended == token => return Some((CLOSE, why)),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some((CLOSE, "ask again")),
                // The sender is ours.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

const CLOSE: u16 = axum::extract::ws::close_code::POLICY;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_screen_hears_of_the_end_of_its_own_login_alone() {
        let logins = Logins::default();
        let ended = logins.ended([1; 32]);
        tokio::pin!(ended);
        assert!(futures_util::poll!(&mut ended).is_pending());
        logins.end([2; 32], "signed out");
        assert!(futures_util::poll!(&mut ended).is_pending());
        logins.end([1; 32], "signed out");
        assert_eq!(ended.await, Some((CLOSE, "signed out")));
    }
}
