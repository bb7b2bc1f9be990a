use std::sync::Arc;

use crate::record::KeyedRequest;
use crate::room::Authority;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What the record and the screens show.
    pub initials: String,
    /// Signed-in name, or the program's, for the audit.
    pub name: String,
    /// What they may decide about limits.
    pub authority: Authority,
    /// What they might decide if they gave their password: more than with a PIN.
    pub authority_by_password: Authority,
    /// It is they and nobody else: by their PIN or password within the last two minutes, by a login
    /// that nobody shares, or by a program's token.
    pub is_identified: bool,
    /// A program, which nobody can ask anything.
    pub is_program: bool,
    /// The request by which they act, when it bears an `Idempotency-Key`: its answer is recorded
    /// with what it does, so that it acts once whatever happens.
    pub request: Option<Arc<KeyedRequest>>,
}
