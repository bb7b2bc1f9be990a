//! What the room's owner may see of it.

use super::{Alert, AlertLine, Baseline, Latest, Monitor, Room, Session, SessionId};
use crate::profile::{ContinuousVital, Profile, every_s};
use crate::vitals::{Decimal, Millis, RoomId, Value, Vital};

/// Seconds of good values that a measured baseline takes the median of (CLINICAL 2.2).
const BASELINE_S: i64 = 120;

impl Room {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &RoomId {
        &self.id
    }

    /// The time of the last input or deadline.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The session that runs in it.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The last session that ended in it.
    #[must_use]
    pub fn ended_session(&self) -> Option<&Session> {
        self.ended_session.as_ref()
    }

    /// What alarms now.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The last of every vital that was heard.
    #[must_use]
    pub fn latest(&self) -> &[Latest] {
        &self.latest
    }

    /// The monitors that feed it.
    #[must_use]
    pub fn monitors(&self) -> &[Monitor] {
        &self.monitors
    }

    /// Every alert that is not closed, and the newest closed ones, oldest first.
    #[must_use]
    pub fn alerts(&self) -> &[Alert] {
        &self.alerts
    }

    /// Whether a live, audible screen shows it.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.unwatched_since.is_none()
    }

    /// The alert of this name: `a1` of the current or last session, or a whole id.
    #[must_use]
    pub fn alert(&self, name: &str) -> Option<&Alert> {
        self.alert_index(name).map(|index| &self.alerts[index])
    }

    /// When the next pressure is due.
    #[must_use]
    pub fn next_nibp_due(&self) -> Option<Millis> {
        self.cadence_due().into_iter().chain(self.wanted_due()).min()
    }

    /// Since when the cuff inflates, while that may hide something of a finger clip.
    #[must_use]
    pub fn cuff_measuring_since(&self) -> Option<Millis> {
        self.inflation.measuring_since(self.now)
    }

    /// BP as the median of the session's readings, the others of the last 120 s.
    pub(super) fn measured_baseline(&self) -> Baseline {
        Baseline {
            heart_rate: self.history(ContinuousVital::HeartRate).median(self.now, BASELINE_S),
            spo2: self.history(ContinuousVital::Spo2).median(self.now, BASELINE_S),
            temp: self.last_temperature(),
            ..self.cuff.median(|pressure| self.is_held_pressure(pressure))
        }
    }

    /// A thermometer may have spoken once: the last one of this session.
    fn last_temperature(&self) -> Option<Decimal> {
        let session = self.session.as_ref()?;
        let latest = self.latest.iter().find(|latest| latest.vital == Vital::Temp)?;
        let last = latest.last_value.filter(|last| last.heard_at >= session.opened_at)?;
        match last.value {
            Value::Number(value) => Some(value),
            Value::Pressure(_) => None,
        }
    }

    /// Milliseconds between two pressures now.
    pub(super) fn cadence_ms(&self) -> i64 {
        let cadence = &self.profile.cadence;
        let seconds = match &self.session {
            Some(session) => session.cadence_s(cadence, self.now),
            None => every_s(&cadence.infusing, 0),
        };
        i64::from(seconds) * 1_000
    }

    pub(super) fn line(&self, alert: &Alert) -> AlertLine {
        let is_local = alert.session.is_some() && alert.session == self.last_session;
        AlertLine {
            at: self.now,
            room: self.id.clone(),
            alert: if is_local { format!("a{}", alert.number) } else { alert.id() },
            condition: alert.condition,
            priority: alert.priority,
            state: alert.state,
            acknowledged: alert.acknowledged.clone(),
            silenced_until: alert.silenced_until,
            value: alert.value,
            limit: alert.limit,
        }
    }

    pub(super) fn alert_index(&self, name: &str) -> Option<usize> {
        let local = name.strip_prefix('a').and_then(|digits| digits.parse::<u32>().ok());
        let scope = self.last_session.as_ref().map(SessionId::as_str);
        self.alerts.iter().position(|alert| match local {
            Some(number) => alert.number == number && scope == Some(&*alert.scope),
            None => alert.is_called(name),
        })
    }
}
