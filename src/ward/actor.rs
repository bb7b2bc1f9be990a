use std::sync::Arc;

use crate::record::KeyedRequest;
use crate::room::Authority;

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Their initials, as the record and the screens show them.
    pub initials: String,
    /// The name they signed in with, or the program's name, for the audit.
    pub name: String,
    /// What they may decide about limits.
    pub authority: Authority,
    /// What they might decide with their password: more than with a PIN.
    pub authority_by_password: Authority,
    /// Whether it is certain that it is they: by their PIN or password within the last two minutes,
    /// by a login that nobody shares, or by a program's token.
    pub is_identified: bool,
    /// Whether it is a program, which nobody can ask anything.
    pub is_program: bool,
    /// The request by which they act, if it carries an `Idempotency-Key`: its answer is recorded
    /// with what it does, so that it acts once whatever happens.
    pub request: Option<Arc<KeyedRequest>>,
}
