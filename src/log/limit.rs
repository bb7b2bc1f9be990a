use std::fmt::{self, Write};
use std::hash::{DefaultHasher, Hash, Hasher};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::repeats::Line;
use super::{Log, TARGET};

/// What is kept of a message that is left out.
const LONGEST_MESSAGE: usize = 200;

/// Leaves out a line that comes again and again: the same message from the same place in the
/// program, whatever its fields are. Lines below `info` are never left out: whoever asks for them
/// wants all of them.
#[derive(Debug)]
pub struct Limit(Log);

impl Limit {
    /// A limit for the lines of this log.
    #[must_use]
    pub fn new(log: Log) -> Self {
        Self(log)
    }
}

impl<S: Subscriber> Layer<S> for Limit {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let level = *metadata.level();
        if level > Level::INFO || metadata.target() == TARGET {
            return true;
        }
        let mut message = Message::default();
        event.record(&mut message);
        let mut hasher = DefaultHasher::new();
        (metadata.callsite(), &message.0).hash(&mut hasher);
        let inner = &self.0.inner;
        let line = || Line { level, message: message.0.chars().take(LONGEST_MESSAGE).collect() };
        inner.repeats.is_news(hasher.finish(), inner.clock.now(), line)
    }
}

/// An event's message, without its fields.
#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // Writing to a text cannot fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::vitals::Millis;

    #[test]
    fn of_a_line_that_is_left_out_the_beginning_of_its_message_is_kept() {
        for (length, kept) in [(LONGEST_MESSAGE, LONGEST_MESSAGE), (1_000, LONGEST_MESSAGE)] {
            let log = Log::start(std::io::sink()).unwrap();
            let subscriber = tracing_subscriber::registry().with(Limit::new(log.clone()));
            let message = "é".repeat(length);
            tracing::subscriber::with_default(subscriber, || {
                (0..30).for_each(|_| tracing::warn!("{message}"));
            });
            let told = log.inner.repeats.due(Millis(i64::MAX));
            assert_eq!((told.len(), told[0].times), (1, 10));
            assert_eq!(told[0].line.message, "é".repeat(kept));
        }
    }
}
