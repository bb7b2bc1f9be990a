//! Between a monitor and its link: what it wants sent, and what is not answered yet.

use std::collections::VecDeque;

use tokio::sync::mpsc::Receiver;

/// A numbered message as it goes over the wire, without a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Grows with each message of a boot.
    pub number: u64,
    /// The text.
    pub text: String,
}

/// What a monitor asks of its link, one item after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// Send this, and send it again until it is answered.
    Say(Packet),
    /// The cable is pulled when half of this has been sent; later it is sent in full.
    Cut(Packet),
    /// No connection from now on.
    Down,
    /// Connections again.
    Up,
    /// The monitor was switched off and on: unanswered messages are forgotten.
    Reboot,
}

/// What a full outbox does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenFull {
    /// As in real monitors: the oldest is given up.
    GiveUpOldest,
    /// The monitor waits, so that nothing is lost however fast its time passes.
    Wait,
}

/// What happened to the outbox.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// There is one more message at its end.
    Said,
    /// The link must end after half of the message that is now at its end.
    Cut,
    /// The link must end.
    HangUp,
    /// Nothing that affects a link that is up.
    Nothing,
}

/// What came first.
pub(super) enum First<T> {
    Done(T),
    Happened(Happened),
}

/// Unanswered messages in order, and the monitor's end of the link.
#[derive(Debug)]
pub(super) struct Outbox {
    wanted: Receiver<Out>,
    capacity: usize,
    when_full: WhenFull,
    unanswered: VecDeque<Packet>,
    /// How many messages a fast replay, and not the link, had left unanswered when the link went
    /// down, at most the capacity: the monitor's memory is for what comes after.
    behind: usize,
    given_up: u64,
    is_down: bool,
    has_ended: bool,
}

impl Outbox {
    pub(super) fn new(wanted: Receiver<Out>, capacity: usize, when_full: WhenFull) -> Self {
        Self {
            wanted,
            capacity,
            when_full,
            unanswered: VecDeque::new(),
            behind: 0,
            given_up: 0,
            is_down: false,
            has_ended: false,
        }
    }

    /// Waits for what the monitor wants next. It may be dropped while it waits. If the monitor has
    /// ended, or must wait, nothing comes.
    pub(super) async fn next(&mut self) -> Happened {
        // Without a connection it would wait for ever.
        let must_wait = self.when_full == WhenFull::Wait && self.is_full() && !self.is_down;
        if self.has_ended || must_wait {
            std::future::pending::<()>().await;
        }
        match self.wanted.recv().await {
            Some(Out::Say(packet)) => {
                self.push(packet);
                Happened::Said
            }
            Some(Out::Cut(packet)) => {
                self.push(packet);
                Happened::Cut
            }
            Some(Out::Down) => {
                self.is_down = true;
                if self.when_full == WhenFull::Wait {
                    self.behind = self.unanswered.len().min(self.capacity);
                }
                Happened::HangUp
            }
            Some(Out::Up) => {
                self.is_down = false;
                self.behind = 0;
                Happened::Nothing
            }
            Some(Out::Reboot) => {
                self.unanswered.clear();
                Happened::HangUp
            }
            None => {
                self.has_ended = true;
                Happened::Nothing
            }
        }
    }

    fn is_full(&self) -> bool {
        self.unanswered.len() >= self.capacity + self.behind
    }

    fn push(&mut self, packet: Packet) {
        if self.is_full() {
            self.unanswered.pop_front();
            self.given_up += 1;
        }
        self.unanswered.push_back(packet);
    }

    /// Waits for something under way, or for something the monitor wants that ends it.
    pub(super) async fn until<F: Future>(&mut self, under_way: F) -> First<F::Output> {
        tokio::pin!(under_way);
        loop {
            tokio::select! {
                // What is done counts, before the monitor can want something else.
                biased;
                done = &mut under_way => return First::Done(done),
                happened = self.next() => match happened {
                    Happened::Said | Happened::Nothing => {}
                    Happened::Cut | Happened::HangUp => return First::Happened(happened),
                }
            }
        }
    }

    /// This message and all before it are stored.
    pub(super) fn stored_up_to(&mut self, number: u64) {
        while self.unanswered.front().is_some_and(|packet| packet.number <= number) {
            self.unanswered.pop_front();
        }
    }

    /// This one message will never be stored.
    pub(super) fn rejected(&mut self, number: u64) {
        self.unanswered.retain(|packet| packet.number != number);
    }

    /// The oldest was answered.
    pub(super) fn answered_oldest(&mut self) {
        self.unanswered.pop_front();
    }

    pub(super) fn oldest(&self) -> Option<&Packet> {
        self.unanswered.front()
    }

    pub(super) fn newest(&self) -> Option<&Packet> {
        self.unanswered.back()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Packet> {
        self.unanswered.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// The monitor wants no connection now.
    pub(super) fn is_down(&self) -> bool {
        self.is_down
    }

    /// The monitor has ended, and everything it sent was answered or never will be.
    pub(super) fn is_done(&self) -> bool {
        self.has_ended && (self.unanswered.is_empty() || self.is_down)
    }

    /// How many were given up since the last call.
    pub(super) fn take_given_up(&mut self) -> u64 {
        std::mem::take(&mut self.given_up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::{Sender, channel};

    fn packet(number: u64) -> Packet {
        Packet { number, text: String::new() }
    }

    async fn holding(capacity: usize, count: u64, when_full: WhenFull) -> (Outbox, Sender<Out>) {
        let (out, wanted) = channel(1024);
        for number in 1..=count {
            out.send(Out::Say(packet(number))).await.expect("there is room");
        }
        let mut outbox = Outbox::new(wanted, capacity, when_full);
        outbox.until(tokio::task::yield_now()).await;
        while outbox.unanswered.len() < capacity.min(count as usize) {
            outbox.next().await;
        }
        (outbox, out)
    }

    fn numbers(outbox: &Outbox) -> Vec<u64> {
        outbox.iter().map(|packet| packet.number).collect()
    }

    #[tokio::test]
    async fn an_answer_covers_every_earlier_message_and_a_rejection_only_its_own() {
        let (mut outbox, _out) = holding(600, 6, WhenFull::GiveUpOldest).await;
        outbox.stored_up_to(2);
        outbox.rejected(4);
        assert_eq!(numbers(&outbox), [3, 5, 6]);
    }

    #[tokio::test]
    async fn a_full_outbox_keeps_the_newest_and_counts_what_it_gave_up() {
        let (mut outbox, _out) = holding(3, 5, WhenFull::GiveUpOldest).await;
        while numbers(&outbox) != [3, 4, 5] {
            assert_eq!(outbox.next().await, Happened::Said);
        }
        assert_eq!(outbox.take_given_up(), 2);
        assert_eq!(outbox.take_given_up(), 0);
    }

    #[tokio::test]
    async fn one_that_waits_takes_nothing_in_while_it_is_full() {
        let (mut outbox, _out) = holding(3, 5, WhenFull::Wait).await;
        assert_eq!(numbers(&outbox), [1, 2, 3]);
        outbox.answered_oldest();
        assert_eq!(outbox.next().await, Happened::Said);
        assert_eq!(numbers(&outbox), [2, 3, 4]);
        let next = tokio::time::timeout(std::time::Duration::from_millis(20), outbox.next());
        assert!(next.await.is_err());
    }

    #[tokio::test]
    async fn one_that_waits_loses_in_a_cut_only_what_is_longer_than_its_memory() {
        // Played faster than the server answers, it was full when the link went down.
        let (mut outbox, out) = holding(3, 3, WhenFull::Wait).await;
        outbox.answered_oldest();
        out.send(Out::Down).await.expect("there is room");
        for number in 4..=7 {
            out.send(Out::Say(packet(number))).await.expect("there is room");
        }
        assert_eq!(outbox.next().await, Happened::HangUp);
        for _ in 4..=6 {
            assert_eq!(outbox.next().await, Happened::Said);
        }
        assert_eq!(numbers(&outbox), [2, 3, 4, 5, 6]);
        assert_eq!(outbox.next().await, Happened::Said);
        assert_eq!(numbers(&outbox), [3, 4, 5, 6, 7]);
        assert_eq!(outbox.take_given_up(), 1);
    }

    #[tokio::test]
    async fn a_monitor_that_was_switched_off_has_forgotten_what_it_said() {
        let (mut outbox, out) = holding(600, 2, WhenFull::GiveUpOldest).await;
        out.send(Out::Reboot).await.expect("there is room");
        out.send(Out::Down).await.expect("there is room");
        assert_eq!(outbox.next().await, Happened::HangUp);
        assert!(outbox.is_empty() && !outbox.is_down());
        assert_eq!(outbox.next().await, Happened::HangUp);
        assert!(outbox.is_down());
        drop(out);
        assert_eq!(outbox.next().await, Happened::Nothing);
        assert!(outbox.is_done());
    }
}
