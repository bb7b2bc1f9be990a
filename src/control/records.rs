//! What was recorded.

use super::protocol::{ChainState, Response, SessionEntry, SessionsAfter};
use super::work::Office;
use crate::journal::{Chain, Fault, Verdict};
use crate::replay::{self, Place};
use crate::store::{Cursor, SessionFilter, SessionRow};
use crate::vitals::SessionId;

/// Sessions of one answer.
const PAGE: u32 = 500;

pub(super) async fn sessions(
    office: &Office,
    after: Option<SessionsAfter>,
) -> anyhow::Result<Response> {
    let after = after.map(|SessionsAfter(text)| text.parse::<Cursor>()).transpose()?;
    let filter = SessionFilter { after, ..SessionFilter::default() };
    let page = office.store.sessions(&filter, PAGE).await?;
    Ok(Response::Sessions {
        sessions: page.rows.into_iter().map(entry).collect(),
        next: page.next.map(|next| SessionsAfter(next.to_string())),
    })
}

fn entry(row: SessionRow) -> SessionEntry {
    SessionEntry {
        id: row.id,
        room: row.room,
        profile: row.profile,
        phase: row.phase,
        opened_at: row.opened_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
    }
}

pub(super) async fn export(
    office: &Office,
    session: &SessionId,
    place: Option<Place>,
) -> anyhow::Result<Response> {
    let part = replay::part(&office.journal, &office.store, session, place).await?;
    Ok(Response::Recording { part })
}

pub(super) fn chains(office: &Office) -> Response {
    Response::Chains { chains: office.journal.chains().iter().map(ToString::to_string).collect() }
}

pub(super) async fn verify(office: &Office, chain: String) -> anyhow::Result<Response> {
    let verdict = office.journal.verify(&chain.parse::<Chain>()?).await?;
    let state = match verdict {
        Verdict::Whole { last_seq, hash } => {
            let hash = Some(hash.to_string());
            ChainState { chain, whole: true, seq: last_seq, hash, fault: None }
        }
        Verdict::Broken { seq, fault } => {
            let fault = match fault {
                Fault::Missing => "missing",
                Fault::Changed => "changed",
                Fault::PrivateChanged => "private_changed",
            };
            ChainState { chain, whole: false, seq, hash: None, fault: Some(fault.to_owned()) }
        }
    };
    Ok(Response::Verified { state })
}
