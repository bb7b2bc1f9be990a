use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::decoded;
use crate::journal::ReadError;
use crate::notice::Delivery;
use crate::vitals::Millis;

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is still to be said.
    Waiting,
    /// It was said, then.
    Delivered(Millis),
    /// It was tried often enough, or there was no room for it.
    GivenUp(Millis),
}

impl DeliveryState {
    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered(_) => "delivered",
            Self::GivenUp(_) => "given_up",
        }
    }

    const fn ended_at(self) -> Option<Millis> {
        match self {
            Self::Waiting => None,
            Self::Delivered(at) | Self::GivenUp(at) => Some(at),
        }
    }
}

/// A delivery as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    id: String,
    channel: String,
    alert: String,
    at: Millis,
    state: DeliveryState,
    json: String,
}

impl DeliveryRow {
    /// One that is still to be said.
    #[must_use]
    pub fn waiting(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.clone(),
            channel: delivery.channel.clone(),
            alert: delivery.alert.clone(),
            at: delivery.at,
            state: DeliveryState::Waiting,
            json: serde_json::to_string(delivery).unwrap_or_default(),
        }
    }

    /// One that is over: nobody needs the patient's initials any more.
    #[must_use]
    pub fn ended(delivery: &Delivery, state: DeliveryState) -> Self {
        let bare = Delivery { initials: None, ..delivery.clone() };
        Self { state, ..Self::waiting(&bare) }
    }

    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        // What was said is never to be said again because its cause is written once more.
        let query = match self.state {
            DeliveryState::Waiting => {
                "INSERT INTO deliveries (id, channel, alert, at, state, ended_at, json) \
                 VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            }
            _ => {
                "INSERT OR REPLACE INTO deliveries (id, channel, alert, at, state, ended_at, json) \
                 VALUES (?, ?, ?, ?, ?, ?, ?)"
            }
        };
        sqlx::query(query)
            .bind(&self.id)
            .bind(&self.channel)
            .bind(&self.alert)
            .bind(self.at.0)
            .bind(self.state.name())
            .bind(self.state.ended_at().map(|at| at.0))
            .bind(&self.json)
            .execute(connection)
            .await?;
        Ok(())
    }

    pub(super) fn bytes(&self) -> usize {
        self.json.len() + self.id.len() + self.channel.len() + self.alert.len()
    }
}

/// What a channel has said and could not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelTotals {
    /// The channel.
    pub channel: String,
    /// When it last said something.
    pub last_delivered: Option<Millis>,
    /// How many were given up.
    pub given_up: u64,
}

fn delivery(row: &SqliteRow) -> sqlx::Result<Delivery> {
    decoded(serde_json::from_str(row.try_get("json")?))
}

impl Store {
    /// Up to `limit` deliveries that are still to be said, in the order of what caused them.
    pub async fn waiting_deliveries(&self, limit: u32) -> Result<Vec<Delivery>, ReadError> {
        let query = sqlx::query(
            "SELECT json FROM deliveries WHERE state = 'waiting' ORDER BY at, rowid LIMIT ?",
        );
        self.all(query.bind(limit), delivery).await
    }

    /// What was, or is to be, told of alerts that are open.
    pub async fn deliveries_of_open_alerts(&self) -> Result<Vec<Delivery>, ReadError> {
        let query = sqlx::query(
            "SELECT d.json FROM deliveries d JOIN alerts a ON a.id = d.alert \
             WHERE a.state <> 'resolved'",
        );
        self.all(query, delivery).await
    }

    /// What each channel has said and could not say.
    pub async fn channel_totals(&self) -> Result<Vec<ChannelTotals>, ReadError> {
        let query = sqlx::query(
            "SELECT channel, max(CASE state WHEN 'delivered' THEN ended_at END) AS last, \
             sum(state = 'given_up') AS given_up FROM deliveries GROUP BY channel",
        );
        let totals = |row: &SqliteRow| {
            Ok(ChannelTotals {
                channel: row.try_get("channel")?,
                last_delivered: row.try_get::<Option<i64>, _>("last")?.map(Millis),
                given_up: super::columns::unsigned(row, "given_up")?,
            })
        };
        self.all(query, totals).await
    }
}
