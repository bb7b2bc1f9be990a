//! Staff and tokens in memory: whoever asks whose token it is never waits for the disk.
//!
//! The register follows the journal's queue. Each change of staff or of a token counts from the
//! moment at which it is queued, in the order of the queue, and is on disk later; so memory and
//! disk can never end up with different tokens. What the queue has no room for counts all the same,
//! and is owed to the disk until there is room again; except the use of a token, which the next use
//! makes good.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::sqlite::SqliteConnection;

use super::{StaffRow, TokenKind, TokenRow, Upsert, staff, tokens};
use crate::access::Right;
use crate::vitals::Millis;

/// People who may be kept, active or not.
pub const MAX_STAFF: usize = 4_096;
/// Programs that may have a token.
pub const MAX_PROGRAMS: usize = 1_024;
/// Devices that may have a token: four times as many as the ward listens to.
pub const MAX_DEVICE_TOKENS: usize = 16_384;
/// Logins at a time; the one that was idle longest gives way, one without a connection first. More
/// than there are connections.
const MAX_LOGINS: usize = 8_192;
/// Logins of one person, who alone gives way to themselves; a clinic's walls share one account.
const MAX_LOGINS_OF_ONE: usize = 1_024;
/// Ended tokens that are remembered, so that nothing brings them back.
const ENDED: usize = 1_024;
/// Changes that are owed to the disk.
const MAX_OWED: usize = 4_096;

/// Why a login ended that had to make room for another.
const GAVE_WAY: &str = "too many are signed in: this one was idle the longest";
/// Why connections end when somebody's rights change. They may come back at once.
const CHANGED: &str = "your role has changed";
/// Why logins end when somebody may no longer sign in.
const DISABLED: &str = "you may no longer sign in here";

type Hash = [u8; 32];

/// Everybody who may come in. Cheap to clone: all clones share their state.
#[derive(Clone, Default)]
pub struct Register(Arc<Inner>);

#[derive(Default)]
struct Inner {
    rows: Mutex<Rows>,
    changing: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Register {
    /// Without names and hashes: what is printed ends in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Register").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Rows {
    staff: BTreeMap<String, StaffRow>,
    tokens: HashMap<Hash, Known>,
    of: HashMap<(TokenKind, String), HashSet<Hash>>,
    logins: usize,
    ended: VecDeque<Hash>,
    owed: Vec<Upsert>,
}

struct Known {
    row: TokenRow,
    right: Right,
    /// Since when a login is known to be idle; `row.last_used` is what the disk knows of it.
    seen: Millis,
}

impl Register {
    /// What is on disk.
    pub(crate) async fn load(connection: &mut SqliteConnection) -> sqlx::Result<Self> {
        let mut rows = Rows::default();
        let staff = staff::all(connection).await?;
        rows.staff = staff.into_iter().map(|row| (row.name.clone(), row)).collect();
        for row in tokens::not_ended(connection).await? {
            rows.add(row);
        }
        Ok(Self(Arc::new(Inner { rows: Mutex::new(rows), ..Inner::default() })))
    }

    // Held for a lookup or a change at a time; nothing panics and nothing else is locked meanwhile.
    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.0.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held while somebody looks at the register and then has it changed, so that one change does
    /// not undo another.
    pub async fn changing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.changing.lock().await
    }

    /// The person with this name, active or not.
    #[must_use]
    pub fn staff_named(&self, name: &str) -> Option<StaffRow> {
        self.lock().staff.get(name).cloned()
    }

    /// The active people with these initials, by name; whose PIN it is distinguishes them.
    #[must_use]
    pub fn staff_with_initials(&self, initials: &str) -> Vec<StaffRow> {
        let rows = self.lock();
        let shares = |row: &&StaffRow| row.active && row.initials.eq_ignore_ascii_case(initials);
        rows.staff.values().filter(shares).cloned().collect()
    }

    /// Everybody, active or not, by name.
    #[must_use]
    pub fn staff(&self) -> Vec<StaffRow> {
        self.lock().staff.values().cloned().collect()
    }

    /// The token with this hash, when it is worth something at `now`, and the right that ends with
    /// it. It counts as used.
    #[must_use]
    pub fn token(&self, hash: &Hash, now: Millis) -> Option<(TokenRow, Right)> {
        let mut rows = self.lock();
        let known = rows.tokens.get_mut(hash).filter(|known| known.is_worth_something(now))?;
        known.seen = known.seen.max(now);
        Some((known.row.clone(), known.right.clone()))
    }

    /// When the token with this hash expires, if ever.
    #[must_use]
    pub fn expires_at(&self, hash: &Hash) -> Option<Millis> {
        self.lock().tokens.get(hash)?.row.expires_at
    }

    /// The tokens of a kind that are worth something at `now`, by subject.
    #[must_use]
    pub fn tokens(&self, kind: TokenKind, now: Millis) -> Vec<TokenRow> {
        let rows = self.lock();
        let known =
            rows.tokens.values().filter(|k| k.row.kind == kind && k.is_worth_something(now));
        let mut tokens: Vec<TokenRow> = known.map(|known| known.row.clone()).collect();
        tokens.sort_by(|a, b| (&a.subject, a.created_at).cmp(&(&b.subject, b.created_at)));
        tokens
    }

    /// Whether a subject has a token of this kind now.
    #[must_use]
    pub fn has_token(&self, kind: TokenKind, subject: &str) -> bool {
        self.lock().of.contains_key(&(kind, subject.to_owned()))
    }

    /// How many subjects have a token of this kind.
    #[must_use]
    pub fn subjects(&self, kind: TokenKind) -> usize {
        self.lock().of.keys().filter(|(of, _)| *of == kind).count()
    }

    /// Every login as it is by a clock that was set by so many milliseconds.
    pub(super) fn moved_logins(&self, by_ms: i64) -> Vec<TokenRow> {
        let rows = self.lock();
        let logins = rows.tokens.values().filter(|known| known.row.kind == TokenKind::Login);
        let moved = |row: &TokenRow| TokenRow {
            created_at: row.created_at.plus(by_ms),
            expires_at: row.expires_at.map(|end| end.plus(by_ms)),
            last_used: row.last_used.map(|at| at.plus(by_ms)),
            ..row.clone()
        };
        logins.map(|known| moved(&known.row)).collect()
    }

    /// The token with this hash has ended; its connections hear why. `false` when there was none.
    /// For the disk, queue [`Upsert::EndToken`] after it.
    pub(super) fn end(&self, hash: &Hash, why: &'static str) -> bool {
        let mut rows = self.lock();
        let is_known = rows.tokens.contains_key(hash);
        rows.end(hash, why);
        is_known
    }

    /// A change is being queued: it counts from now on.
    pub(crate) fn apply(&self, view: &Upsert) {
        if is_of_access(view) {
            self.lock().apply(view);
        }
    }

    /// The queue had no room for these.
    pub(crate) fn owe(&self, views: &[Upsert]) {
        let is_owed = |view: &&Upsert| view.may_be_owed() || matches!(view, Upsert::Audit(_));
        if !views.iter().any(Upsert::may_be_owed) {
            return;
        }
        let mut rows = self.lock();
        for view in views.iter().filter(is_owed) {
            rows.owe(view.clone());
        }
    }

    /// What is owed to the disk, to be queued before anything else.
    pub(crate) fn owed(&self) -> Vec<Upsert> {
        std::mem::take(&mut self.lock().owed)
    }
}

fn is_of_access(view: &Upsert) -> bool {
    matches!(
        view,
        Upsert::Staff(_)
            | Upsert::Token(_)
            | Upsert::TokenUsed { .. }
            | Upsert::EndToken { .. }
            | Upsert::EndTokens { .. }
    )
}

impl Upsert {
    /// A change of who may come in, which a full queue owes to the disk. The use of a token
    /// changes nothing of that, and as many as there are would displace what does.
    pub(crate) fn may_be_owed(&self) -> bool {
        is_of_access(self) && !matches!(self, Self::TokenUsed { .. })
    }
}

impl Known {
    fn is_worth_something(&self, now: Millis) -> bool {
        self.row.expires_at.is_none_or(|end| end > now)
    }
}

impl Rows {
    fn apply(&mut self, view: &Upsert) {
        match view {
            Upsert::Staff(row) => self.place(row.clone()),
            Upsert::Token(row) => self.give(row.clone()),
            Upsert::TokenUsed { hash, at, expires_at } => {
                if let Some(known) = self.tokens.get_mut(hash) {
                    known.row.last_used = Some(*at);
                    known.row.expires_at = expires_at.or(known.row.expires_at);
                }
            }
            Upsert::EndToken { hash } => {
                if let Some(kind) = self.tokens.get(hash).map(|known| known.row.kind) {
                    self.end(hash, ended(kind));
                }
            }
            Upsert::EndTokens { kind, subject } => self.end_all(*kind, subject, ended(*kind)),
            _ => {}
        }
    }

    /// Somebody as they are from now on: connections that were opened with other rights end.
    fn place(&mut self, row: StaffRow) {
        let name = row.name.clone();
        let (is_active, role, initials) = (row.active, row.role.clone(), row.initials.clone());
        let before = self.staff.insert(name.clone(), row);
        if !is_active {
            self.end_all(TokenKind::Login, &name, DISABLED);
        } else if before.is_some_and(|was| was.role != role || was.initials != initials) {
            for hash in self.hashes(TokenKind::Login, &name) {
                if let Some(known) = self.tokens.get_mut(&hash) {
                    std::mem::take(&mut known.right).end(CHANGED);
                }
            }
        }
    }

    fn give(&mut self, row: TokenRow) {
        if row.ended || self.ended.contains(&row.hash) {
            return self.end(&row.hash, ended(row.kind));
        }
        if row.kind == TokenKind::Login && !self.tokens.contains_key(&row.hash) {
            self.make_place(&row.subject, row.created_at);
        }
        self.add(row);
    }

    fn add(&mut self, row: TokenRow) {
        let hash = row.hash;
        let seen = row.last_used.unwrap_or(row.created_at);
        if let Some(known) = self.tokens.get_mut(&hash) {
            known.seen = seen;
            known.row = TokenRow { last_used: row.last_used.or(known.row.last_used), ..row };
            return;
        }
        self.logins += usize::from(row.kind == TokenKind::Login);
        self.of.entry((row.kind, row.subject.clone())).or_default().insert(hash);
        self.tokens.insert(hash, Known { row, right: Right::default(), seen });
    }

    /// Ends one login if there are as many as there may be.
    fn make_place(&mut self, subject: &str, now: Millis) {
        let own = self.hashes(TokenKind::Login, subject);
        if own.len() >= MAX_LOGINS_OF_ONE {
            self.let_go(&own, now);
        } else if self.logins >= MAX_LOGINS {
            let logins = self.tokens.values().filter(|known| known.row.kind == TokenKind::Login);
            let all: Vec<Hash> = logins.map(|known| known.row.hash).collect();
            self.let_go(&all, now);
        }
    }

    /// One that has expired, else the one that was idle longest, one without a connection first.
    fn let_go(&mut self, of: &[Hash], now: Millis) {
        let known = of.iter().filter_map(|hash| self.tokens.get(hash));
        let idle = known
            .min_by_key(|known| (known.is_worth_something(now), known.right.is_held(), known.seen));
        if let Some(hash) = idle.map(|known| known.row.hash) {
            self.end(&hash, GAVE_WAY);
            self.owe(Upsert::EndToken { hash });
        }
    }

    fn hashes(&self, kind: TokenKind, subject: &str) -> Vec<Hash> {
        let of = self.of.get(&(kind, subject.to_owned()));
        of.map(|hashes| hashes.iter().copied().collect()).unwrap_or_default()
    }

    fn end_all(&mut self, kind: TokenKind, subject: &str, why: &'static str) {
        for hash in self.hashes(kind, subject) {
            self.end(&hash, why);
        }
    }

    fn end(&mut self, hash: &Hash, why: &'static str) {
        let Some(Known { row, right, .. }) = self.tokens.remove(hash) else { return };
        right.end(why);
        self.logins -= usize::from(row.kind == TokenKind::Login);
        let key = (row.kind, row.subject);
        if let Some(hashes) = self.of.get_mut(&key) {
            hashes.remove(hash);
            if hashes.is_empty() {
                self.of.remove(&key);
            }
        }
        if self.ended.len() >= ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back(*hash);
    }

    fn owe(&mut self, view: Upsert) {
        if self.owed.len() >= MAX_OWED {
            tracing::error!("a change of who may come in is in memory alone, until a restart");
            return;
        }
        self.owed.push(view);
    }
}

/// Why a token ended, if nobody gave a reason.
fn ended(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Device | TokenKind::Program => "this token has ended",
        TokenKind::Login => "sign in again",
    }
}

#[cfg(test)]
#[path = "register_test.rs"]
mod tests;
