//! The record: what an entry of a chain is, how its line reads and is written, and the hash that
//! binds it to those before. Pure, so that whoever appends, stores, exports or replays it agrees.

mod answer;
mod batch;
mod chain;
mod entry;
mod event;
mod frame;
mod frame_key;
mod hash;
mod header;
mod heads;
mod line;
mod line_error;
mod patient;
mod peak;
mod piece;
mod private;
mod removal;
mod signature;
mod write;

pub use answer::{AnswerRow, KeyedRequest};
pub use batch::{BadBatch, Batched, Sealed, read_batch, write_batch};
pub use chain::{Chain, NoSuchChain};
pub use entry::{Entry, StoredEntry};
pub(crate) use event::read_event;
pub use frame_key::FrameKey;
pub use hash::{
    ChainHash, HashVersion, NO_PRIVATE, NotAHash, Salt, UnknownHash, entry_hash, private_digest,
};
pub use header::{Header, write_header};
pub use heads::{Accepted, Head, Heads, HeadsNote, note_of_heads, note_of_missed};
pub use line::Line;
pub use line_error::LineError;
pub use patient::{LastTime, Patient, Remark};
pub use peak::Peak;
pub use piece::{
    BadPiece, MAX_PIECE_BYTES, MAX_PIECE_ENTRIES, Numbered, Piece, fitting, pack, piece_hash,
    unpack,
};
pub use private::{
    Private, PrivateState, PrivateStay, merge_private, patient_of, write_checkpoint_apart,
    write_input_apart,
};
pub use removal::{Removal, RemovedPart, marked, stub, without_personal};
pub use signature::{Addendum, SignedOff, Unsigned};
pub use write::{write_alert, write_checkpoint, write_input};
