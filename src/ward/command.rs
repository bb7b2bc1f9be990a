//! What the rest of the program asks of the ward, and the way by which it comes to the ward's loop.
//! A command is a struct of its own, beside what it is about; what it answers is part of its type.

use std::any::Any;
use std::fmt;

use tokio::sync::oneshot;

use super::core::Core;
use crate::vitals::Millis;

/// Commands that may wait for the ward; a caller waits beyond that.
pub(super) const COMMAND_QUEUE: usize = 1_024;

/// A question to the ward, or an order.
pub trait Command: fmt::Debug + Send + 'static {
    /// What whoever asks is answered.
    type Answer: Send + 'static;

    /// Does it, in the ward's loop.
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

    /// The command, when it is one of this kind, for a test that plays the ward.
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
        // Whoever asked may have gone; what was done stays done.
        let _ = self.reply.send(self.command.run(core, at));
    }
}
