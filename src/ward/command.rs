//! What the rest of the program asks of the ward, and how it gets to the ward's loop. Each command
//! is a struct of its own, beside its subject; the answer is part of its type.

use std::any::Any;
use std::fmt;

use tokio::sync::oneshot;

use super::core::Core;
use crate::vitals::Millis;

/// The most commands that may wait for the ward; beyond that the caller waits.
pub(super) const COMMAND_QUEUE: usize = 1_024;

/// A question or an order to the ward.
pub trait Command: fmt::Debug + Send + 'static {
    /// The answer that the caller gets.
    type Answer: Send + 'static;

    /// Carries it out, in the ward's loop.
    fn run(self, core: &mut Core, at: Millis) -> Self::Answer;
}

/// A command on its way, with the place to which its answer goes.
pub struct Envelope(Box<dyn Waiting>);

impl Envelope {
    /// The command, and where its answer arrives.
    #[must_use]
    pub fn of<C: Command>(command: C) -> (Self, oneshot::Receiver<C::Answer>) {
        let (reply, answer) = oneshot::channel();
        (Self(Box::new(Asked { command, reply })), answer)
    }

    /// Runs the command and answers it.
    pub(super) fn open(self, core: &mut Core, at: Millis) {
        self.0.answer(core, at);
    }

    /// The command, if it is of this type, for a test that acts as the ward.
    #[cfg(test)]
    pub(crate) fn take<C: Command>(self) -> Result<(C, oneshot::Sender<C::Answer>), Self> {
        let waiting: &dyn Any = &*self.0;
        if !waiting.is::<Asked<C>>() {
            return Err(self);
        }
        let waiting: Box<dyn Any> = self.0;
        let Asked { command, reply } = *waiting.downcast::<Asked<C>>().expect("its type is known");
        Ok((command, reply))
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

struct Asked<C: Command> {
    command: C,
    reply: oneshot::Sender<C::Answer>,
}

impl<C: Command> fmt::Debug for Asked<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.command.fmt(f)
    }
}

trait Waiting: Any + fmt::Debug + Send {
    fn answer(self: Box<Self>, core: &mut Core, at: Millis);
}

impl<C: Command> Waiting for Asked<C> {
    fn answer(self: Box<Self>, core: &mut Core, at: Millis) {
        // The caller may have gone; what was done stays done.
        let _ = self.reply.send(self.command.run(core, at));
    }
}
