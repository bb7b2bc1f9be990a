//! What was sent and has not been answered yet.

use std::collections::VecDeque;

use tokio::sync::mpsc::Receiver;

/// A numbered message as it went, or will go, over the wire.
pub(super) trait Numbered {
    fn number(&self) -> u64;
}

/// Unanswered messages in order; when it is full the oldest is given up.
#[derive(Debug)]
pub(super) struct Outbox<M> {
    capacity: usize,
    unanswered: VecDeque<M>,
    given_up: u64,
}

impl<M: Numbered> Outbox<M> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, unanswered: VecDeque::new(), given_up: 0 }
    }

    pub(super) fn push(&mut self, message: M) {
        if self.unanswered.len() == self.capacity {
            self.unanswered.pop_front();
            self.given_up += 1;
        }
        self.unanswered.push_back(message);
    }

    /// This message and all before it are stored.
    pub(super) fn stored_up_to(&mut self, number: u64) {
        while self.unanswered.front().is_some_and(|message| message.number() <= number) {
            self.unanswered.pop_front();
        }
    }

    /// This one message will never be stored.
    pub(super) fn rejected(&mut self, number: u64) {
        self.unanswered.retain(|message| message.number() != number);
    }

    pub(super) fn oldest(&self) -> Option<&M> {
        self.unanswered.front()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &M> {
        self.unanswered.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// Takes in what the monitor produces while something else is under way. `None` when the
    /// monitor ends first.
    pub(super) async fn collect_until<F: Future>(
        &mut self,
        under_way: F,
        produced: &mut Receiver<Vec<M>>,
    ) -> Option<F::Output> {
        tokio::pin!(under_way);
        loop {
            tokio::select! {
                done = &mut under_way => return Some(done),
                messages = produced.recv() => {
                    messages?.into_iter().for_each(|message| self.push(message));
                }
            }
        }
    }

    /// How many were given up since this was last asked.
    pub(super) fn take_given_up(&mut self) -> u64 {
        std::mem::take(&mut self.given_up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Numbered for u64 {
        fn number(&self) -> u64 {
            *self
        }
    }

    fn holding(capacity: usize, count: u64) -> Outbox<u64> {
        let mut outbox = Outbox::new(capacity);
        (1..=count).for_each(|number| outbox.push(number));
        outbox
    }

    #[test]
    fn an_answer_covers_every_earlier_message_and_a_rejection_only_its_own() {
        let mut outbox = holding(600, 6);
        outbox.stored_up_to(2);
        outbox.rejected(4);
        assert_eq!(outbox.iter().copied().collect::<Vec<_>>(), [3, 5, 6]);
    }

    #[test]
    fn a_full_outbox_keeps_the_newest_and_counts_what_it_gave_up() {
        let mut outbox = holding(600, 602);
        assert_eq!(outbox.oldest(), Some(&3));
        assert_eq!(outbox.take_given_up(), 2);
        assert_eq!(outbox.take_given_up(), 0);
    }
}
