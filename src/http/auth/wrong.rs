//! Notes wrong PINs and passwords: for the person aimed at, and in the clinic's chain.

use std::net::IpAddr;

use serde_json::json;

use super::super::HttpState;
use super::pins::Aimed;
use super::tries::{Aim, Line, Secret};
use super::{AuthState, lock};
use crate::contract::WrongTries;
use crate::journal::ReadError;
use crate::store::{AuditRow, PinTriesRow, Store, Upsert, WrongTriesRow};

/// One more was wrong. Its line is written when it is due, in the background.
pub(super) fn note(
    state: &HttpState,
    aim: Aim,
    secret: Secret<'_>,
    by: Option<&str>,
    from: Option<IpAddr>,
) {
    let now = state.clock.now();
    let (aim, due) = lock(&state.auth.tries).wrong(aim, secret, by, from, now);
    // There are few wrong PINs for anybody, and a crash forgets none of them.
    if let (Secret::Pin(initials), Aim::Person(name)) = (secret, &aim) {
        let views = vec![shown(state, name), pins_at(state, initials)];
        if let Err(error) = state.store.put(views, Vec::new()) {
            tracing::debug!("a wrong PIN is kept in memory alone: {error}");
        }
    }
    let Some(due) = due else { return };
    let state = state.clone();
    tokio::spawn(async move {
        tokio::time::sleep(state.clock.until(due)).await;
        write(&state, &aim).await;
    });
}

/// Writes what is counted and not written yet, as the server ends.
pub(in crate::http) async fn settle(state: &HttpState) {
    let aims = lock(&state.auth.tries).unwritten();
    for aim in aims {
        write(state, &aim).await;
    }
}

async fn write(state: &HttpState, aim: &Aim) {
    let now = state.clock.now();
    let Some(line) = lock(&state.auth.tries).line(aim, now) else { return };
    let Line { pins, passwords, initials, first_at, last_at, places, by } = line;
    let (whom, mut views) = match aim {
        Aim::Person(name) => (Some(name), vec![shown(state, name)]),
        Aim::Nobody(_) => (None, Vec::new()),
    };
    // For initials that nobody has nothing is kept.
    let initials = initials.filter(|_| whom.is_some());
    views.extend(initials.map(|initials| pins_at(state, &initials)));
    let count = match (pins, passwords) {
        (0, n) => format!("{n} × wrong password"),
        (n, 0) => format!("{n} × wrong PIN"),
        (n, m) => format!("{n} × wrong PIN, {m} × wrong password"),
    };
    let who = if by.is_empty() { "nobody signed in".to_owned() } else { by.join(", ") };
    let aimed = whom.map_or("an unknown name", String::as_str);
    let detail = format!("{count} of {aimed}, from {}", places.join("; "));
    views.push(Upsert::Audit(AuditRow { at: now, who, what: "wrong tries".into(), detail }));
    let what = json!({"wrong_tries": {
        "name": whom, "pins": pins, "passwords": passwords, "by": by, "where": places,
        "first_at": first_at, "last_at": last_at,
    }});
    // A guesser learns nothing from it, and the person still sees it.
    let _ = state.ward.record(what, views).await;
}

/// The person's wrong tries as they are now, to be stored.
pub(super) fn shown(state: &HttpState, name: &str) -> Upsert {
    let kept = lock(&state.auth.tries).kept(name);
    // Numbers and texts cannot fail to be written.
    let json = serde_json::to_string(&kept).unwrap_or_default();
    Upsert::WrongTries(WrongTriesRow { name: name.to_owned(), json })
}

/// What they are shown.
pub(super) fn of(state: &HttpState, name: &str) -> WrongTries {
    lock(&state.auth.tries).of(name)
}

/// The wrong PINs for these initials as they are now, to be stored.
pub(super) fn pins_at(state: &HttpState, initials: &str) -> Upsert {
    let (in_a_row, last_at, back_at) = lock(&state.auth.pins).aimed(initials).parts();
    Upsert::PinTries(PinTriesRow { initials: initials.to_owned(), in_a_row, last_at, back_at })
}

impl AuthState {
    /// Restores what was known before the server started: browsers, and wrong tries.
    ///
    /// # Errors
    /// The disk cannot be read.
    pub async fn recall(&self, store: &Store) -> Result<(), ReadError> {
        for row in store.browsers().await? {
            lock(&self.browsers).remember(&row.name, row.hash, row.used_at);
        }
        for WrongTriesRow { name, json } in store.wrong_tries().await? {
            match serde_json::from_str(&json) {
                Ok(kept) => lock(&self.tries).remember(name, kept),
                Err(error) => tracing::warn!("wrong tries of somebody are not shown: {error}"),
            }
        }
        for PinTriesRow { initials, in_a_row, last_at, back_at } in store.pin_tries().await? {
            let aimed = Aimed::kept(in_a_row, last_at, back_at);
            lock(&self.pins).remember(initials, aimed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::Bench;
    use crate::store::BrowserRow;
    use crate::vitals::Millis;

    #[tokio::test]
    async fn browsers_and_wrong_tries_are_remembered_over_a_restart() {
        let bench = Bench::new().await;
        let auth = &bench.state.auth;
        let name = "Karla Maier".to_owned();
        let aim = Aim::Person(name.clone());
        lock(&auth.tries).wrong(aim, Secret::Pin("km"), Some("ST"), None, Millis(7));
        let aimed = Aimed::kept(5, Millis(7), Millis(9));
        lock(&auth.pins).remember("km".to_owned(), aimed);
        let browser = BrowserRow { hash: [1; 32], name: name.clone(), used_at: Millis(1) };
        let (stored, told) = tokio::sync::oneshot::channel();
        let changes = vec![
            Upsert::Browser(browser),
            Upsert::RenewBrowser { before: [1; 32], now: [2; 32] },
            shown(&bench.state, &name),
            pins_at(&bench.state, "km"),
        ];
        bench.state.store.put(changes, vec![stored]).unwrap();
        told.await.unwrap();

        let after = AuthState::default();
        after.recall(&bench.state.store).await.unwrap();
        assert!(lock(&after.browsers).knows(&name, &[2; 32]));
        assert!(!lock(&after.browsers).knows(&name, &[1; 32]));
        assert_eq!(lock(&after.tries).of(&name), of(&bench.state, &name));
        assert_eq!(lock(&after.tries).of(&name).count, 1);
        assert_eq!(lock(&after.pins).aimed("km"), aimed);
    }
}
