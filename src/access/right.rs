use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

/// What a token lets its bearer do, until it ends. Every connection that was opened with the token
/// holds a clone, and is closed when the right ends. Only the register makes and ends it.
#[derive(Clone, Debug, Default)]
pub struct Right(Arc<State>);

#[derive(Debug, Default)]
struct State {
    ended: CancellationToken,
    why: OnceLock<&'static str>,
}

impl Right {
    /// It is no longer valid. The first reason is kept: words for a close frame, at most 123 bytes.
    pub fn end(&self, why: &'static str) {
        // Set before anybody is woken to read it.
        let _ = self.0.why.set(why);
        self.0.ended.cancel();
    }

    /// Whether it has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.ended.is_cancelled()
    }

    /// Waits until it ends; the words say why.
    pub async fn ended(&self) -> &'static str {
        self.0.ended.cancelled().await;
        self.0.why.get().copied().unwrap_or_default()
    }

    /// Whether a connection or a request holds it besides the register.
    #[must_use]
    pub fn is_held(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_holds_a_right_hears_at_once_why_it_ended() {
        let right = Right::default();
        assert!(!right.is_held());
        let held = right.clone();
        assert!(right.is_held() && !held.has_ended());
        let waiting = tokio::spawn(async move { held.ended().await });
        right.end("signed out");
        right.end("a later reason");
        assert_eq!(waiting.await.unwrap(), "signed out");
        assert_eq!(right.clone().ended().await, "signed out", "also who asks later");
    }
}
