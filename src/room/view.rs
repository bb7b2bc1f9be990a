//! What the room's owner may see.

use super::{Alert, AlertLine, Baseline, Ended, Latest, Monitor, Room, Session, SessionId};
use crate::profile::{Profile, every_s};
use crate::rules::ContinuousVital;
use crate::vitals::{Decimal, Millis, Pressure, RoomId, Value, Vital};

/// Seconds of good values that a measured baseline takes the median of (clinical.md#baseline).
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
        self.stay.session.as_ref()
    }

    /// The last session that ended in it.
    #[must_use]
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// The profile whose limits apply.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.stay.profile
    }

    /// The newest cuff pressures of this patient, in order of measurement, the newest first.
    #[must_use]
    pub fn pressures(&self) -> Vec<(Millis, Pressure)> {
        self.stay.cuff.by_time()
    }

    /// The same with the origin of each, in the order in which they were received.
    pub(crate) fn cuff_readings(&self) -> impl Iterator<Item = &crate::rules::CuffReading> {
        self.stay.cuff.all()
    }

    /// The last reading of every vital that was heard.
    #[must_use]
    pub fn latest(&self) -> &[Latest] {
        &self.bedside.latest
    }

    /// The monitors that feed it.
    #[must_use]
    pub fn monitors(&self) -> &[Monitor] {
        &self.bedside.monitors
    }

    /// Every alert that is not closed, and the newest closed ones, oldest first.
    #[must_use]
    pub fn alerts(&self) -> &[Alert] {
        &self.alarms.alerts
    }

    /// Whether a live, audible screen shows it.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.bedside.unwatched_since.is_none()
    }

    /// The alert of this name: `a1` of the current or last session, or a whole id.
    #[must_use]
    pub fn alert(&self, name: &str) -> Option<&Alert> {
        self.alert_index(name).map(|index| &self.alarms.alerts[index])
    }

    /// When the next pressure is due.
    #[must_use]
    pub fn next_nibp_due(&self) -> Option<Millis> {
        self.cadence_due().into_iter().chain(self.wanted_due()).min()
    }

    /// Since when the cuff has been inflating, while that may hide something of a finger clip.
    #[must_use]
    pub fn cuff_measuring_since(&self) -> Option<Millis> {
        self.stay.inflation.measuring_since(self.now)
    }

    /// BP as the median of the session's readings, the other vitals as the median of its last 120
    /// s. What was heard before the session was opened may have been another patient's.
    pub(super) fn measured_baseline(&self) -> Baseline {
        Baseline {
            heart_rate: self.median_in_session(ContinuousVital::HeartRate),
            spo2: self.median_in_session(ContinuousVital::Spo2),
            temp: self.last_temperature(),
            ..self.stay.cuff.median(|pressure| self.is_held_pressure(pressure))
        }
    }

    fn median_in_session(&self, vital: ContinuousVital) -> Option<Decimal> {
        let opened_at = self.stay.session.as_ref()?.opened_at;
        let from = opened_at.max(self.now.plus(-BASELINE_S * 1_000 + 1));
        self.history(vital).median_since(from)
    }

    /// A thermometer may have reported only once: the last value of this session counts.
    fn last_temperature(&self) -> Option<Decimal> {
        let session = self.stay.session.as_ref()?;
        let latest = self.bedside.latest.iter().find(|latest| latest.vital == Vital::Temp)?;
        let last = latest.last_value.filter(|last| last.heard_at >= session.opened_at)?;
        match last.value {
            Value::Number(value) => Some(value),
            Value::Pressure(_) => None,
        }
    }

    /// Milliseconds between two pressures, as the cadence is now.
    pub(super) fn cadence_ms(&self) -> i64 {
        let cadence = &self.stay.profile.cadence;
        let seconds = match &self.stay.session {
            Some(session) => session.cadence_s(cadence, self.now),
            None => every_s(&cadence.infusing, 0),
        };
        i64::from(seconds) * 1_000
    }

    /// The session that runs, otherwise the last one: its alerts are called `a1` in the log.
    fn last_session(&self) -> Option<&SessionId> {
        let ended = self.ended.as_ref().map(|ended| &ended.session);
        self.stay.session.as_ref().map(|session| &session.id).or(ended)
    }

    pub(super) fn line(&self, alert: &Alert) -> AlertLine {
        let is_local = alert.session.is_some() && alert.session.as_ref() == self.last_session();
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
        let scope = self.last_session().map(SessionId::as_str);
        self.alarms.alerts.iter().position(|alert| match local {
            Some(number) => alert.number == number && scope == Some(&*alert.scope),
            None => alert.is_called(name),
        })
    }
}
