//! Tokens of programs, and how a token is made.

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::context::ControlContext;
use super::names::{checked_name, must_differ};
use super::request::{Changed, Request, Secret};
use super::sink::audit;
use crate::access::{Role, Token};
use crate::store::{MAX_PROGRAMS, TokenKind, TokenRow, Upsert};
use crate::vitals::Millis;

/// Gives a program a new token, and ends its old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddToken {
    /// The program's name.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// A new token, which nobody can show again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedToken {
    /// The owner: a device's id or a program's name.
    pub id: String,
    /// The token itself.
    pub token: Secret,
    /// Whether it replaced an older one, which has ended.
    pub replaced: bool,
}

impl Request for AddToken {
    type Answer = Changed<IssuedToken>;
    const MAY_BEGIN_DATA: bool = true;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Self::Answer> {
        let Self { name, role } = self;
        let name = checked_name(&name)?;
        let register = context.store.register();
        let _turn = register.changing().await;
        let replaced = register.has_token(TokenKind::Program, &name);
        if !replaced {
            let programs = register.tokens(TokenKind::Program, context.clock.now());
            must_differ(&name, programs.iter().map(|row| row.subject.as_str()))?;
        }
        if !replaced && register.subjects(TokenKind::Program) >= MAX_PROGRAMS {
            bail!(
                "{MAX_PROGRAMS} programs at most have a token: end one that is no longer used with \
                 `dripwatch token revoke NAME`"
            );
        }
        let mut views = Vec::new();
        let issued = issue(context, (TokenKind::Program, &name), Some(role), &mut views)?;
        let details = json!({"kind": "program", "subject": name, "role": role});
        let recorded = context.sink.record(context.clock, "token_added", details, views).await?;
        Ok(Changed { now: issued, recorded })
    }
}

/// Makes a token whose older one, if there is any, ends.
pub(super) fn issue(
    context: &ControlContext,
    (kind, subject): (TokenKind, &str),
    role: Option<Role>,
    views: &mut Vec<Upsert>,
) -> anyhow::Result<IssuedToken> {
    let replaced = context.store.register().has_token(kind, subject);
    let token = Token::new().context("no random token could be made")?;
    let row = TokenRow {
        hash: token.hash(),
        kind,
        subject: subject.to_owned(),
        role: role.map(|role| role.name().to_owned()),
        created_at: context.clock.now(),
        expires_at: None,
        last_used: None,
        ended: false,
    };
    let detail = format!("{} {subject}", kind.as_str());
    views.extend([
        Upsert::EndTokens { kind, subject: subject.to_owned() },
        Upsert::Token(row),
        audit(context.clock, "add token", detail),
    ]);
    let token = Secret(token.as_str().to_owned());
    Ok(IssuedToken { id: subject.to_owned(), token, replaced })
}

/// The programs that have a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTokens {}

/// A program's token, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramToken {
    /// The program's name.
    pub name: String,
    /// A role's name.
    pub role: String,
    /// When it was given out.
    pub created_at: Millis,
    /// When it was last used, to the hour.
    pub last_used: Option<Millis>,
}

impl Request for ListTokens {
    type Answer = Vec<ProgramToken>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Vec<ProgramToken>> {
        let rows = context.store.register().tokens(TokenKind::Program, context.clock.now());
        let shown = |row: TokenRow| ProgramToken {
            name: row.subject,
            role: row.role.unwrap_or_default(),
            created_at: row.created_at,
            last_used: row.last_used,
        };
        Ok(rows.into_iter().map(shown).collect())
    }
}

/// Ends a program's token, and whatever it has open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// The program's name.
    pub name: String,
}

impl Request for RevokeToken {
    type Answer = Changed<()>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<()>> {
        let name = self.name.trim().to_owned();
        let register = context.store.register();
        let _turn = register.changing().await;
        if !register.has_token(TokenKind::Program, &name) {
            bail!(
                "no program called {name:?} has a token: `dripwatch token list` shows those that do"
            );
        }
        let detail = format!("{} {name}", TokenKind::Program.as_str());
        let details = json!({"kind": "program", "subject": name});
        let views = vec![
            Upsert::EndTokens { kind: TokenKind::Program, subject: name },
            audit(context.clock, "revoke token", detail),
        ];
        let recorded = context.sink.record(context.clock, "token_revoked", details, views).await?;
        Ok(Changed { now: (), recorded })
    }
}
