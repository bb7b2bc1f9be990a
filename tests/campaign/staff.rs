//! Which commands staff give.

use anyhow::Context;
use serde_json::{Value as Json, json};

use super::by_hand::ROOMS;
use super::clinic::Clinic;
use super::orders::What;

impl Clinic {
    /// Somebody does something, in a room or with an alert.
    pub(crate) fn staff(&mut self) -> anyhow::Result<()> {
        let open = self.snapshot()?.ids();
        if !open.is_empty() && self.chance.one_in(2) {
            let alert = self.chance.of(&open).clone();
            return self.take(alert);
        }
        let index = self.chance.below(ROOMS.len() as u64) as usize;
        let rooms = self.rooms()?;
        match rooms["rooms"][index]["session"]["id"].as_str() {
            None => self.open_session(ROOMS[index]),
            Some(session) => self.tell(session.to_owned()),
        }
    }

    fn give(
        &mut self,
        path: String,
        body: Json,
        what: What,
        mark: Option<String>,
    ) -> anyhow::Result<()> {
        self.say(format_args!("{path} {body}"));
        let Self { orders, server, chance, .. } = self;
        orders.give((path, body), (what, mark), &server.net, server.now, chance);
        match self.chance.below(4) {
            // Whoever drops the line now leaves before it was read.
            0 => self.orders.hear(self.server.now, &mut self.trace)?,
            1 => {}
            // The disk is quick.
            _ => {
                self.server.settle();
                self.flush()?;
            }
        }
        Ok(())
    }

    fn open_session(&mut self, room: &str) -> anyhow::Result<()> {
        let mark = self.orders.next_mark();
        let body = json!({"patient": {"initials": mark}});
        self.give(format!("rooms/{room}/sessions"), body, What::Opened, Some(mark))
    }

    fn tell(&mut self, session: String) -> anyhow::Result<()> {
        let mark = self.orders.next_mark();
        let because = json!({"reason": mark});
        let mut what = What::Told { session: session.clone() };
        let event = match self.chance.below(14) {
            0 => json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
                        "heart_rate": 75, "spo2": 97, "override": because}),
            1..=3 => json!({"type": "start", "override": because}),
            4 => {
                what = What::Ended { session: session.clone() };
                json!({"type": "abort", "reason": mark})
            }
            5 => json!({"type": "symptom", "symptom": "chest_pain", "note": mark}),
            6 | 7 => json!({"type": "rate_change", "to": 30 + self.chance.below(40), "unit": mark}),
            8 => json!({"type": "pause", "reason": mark}),
            9 => json!({"type": "stop", "reason": mark}),
            10 => {
                what = What::Ended { session: session.clone() };
                let event = json!({"type": "discharge"});
                return self.give(format!("sessions/{session}/events"), event, what, None);
            }
            _ => json!({"type": "note", "text": mark}),
        };
        self.give(format!("sessions/{session}/events"), event, what, Some(mark))
    }

    fn take(&mut self, alert: String) -> anyhow::Result<()> {
        match self.chance.below(3) {
            0 => {
                let path = format!("alerts/{alert}/acknowledge");
                self.give(path, json!({}), What::Taken { alert }, None)
            }
            1 => {
                let outcome = *self.chance.of(&["sensor_resited", "bp_repeated", "false_alert"]);
                let path = format!("alerts/{alert}/outcome");
                let mark = self.orders.next_mark();
                let body = json!({"outcome": outcome, "note": mark});
                self.give(path, body, What::CameOf { alert }, None)
            }
            _ => {
                let path = format!("alerts/{alert}/silence");
                self.give(path, json!({"seconds": 120}), What::Silenced, None)
            }
        }
    }

    /// Everybody gets an answer in the end.
    pub(crate) fn everybody_is_answered(&mut self) -> anyhow::Result<()> {
        for _ in 0..60 {
            if self.orders.are_answered() {
                return Ok(());
            }
            let Self { orders, server, chance, .. } = self;
            orders.ask_again(&server.net, server.now, chance, true);
            self.server.settle();
            self.flush()?;
            self.second()?;
        }
        anyhow::bail!("somebody gets no answer however often they ask")
    }

    /// The alert, wherever it is known.
    pub(crate) fn alert(&mut self, id: &str) -> anyhow::Result<Json> {
        let alert = id.to_owned();
        let known = self.server.ask(dripwatch::ward::ShowAlert { alert });
        if let Some(json) = known {
            return Ok(serde_json::from_str(&json)?);
        }
        let store = self.server.ward.journal().store();
        let row = self.server.on_disk(store.alert(id))?;
        Ok(serde_json::from_str(&row.with_context(|| format!("{id} is lost"))?.json)?)
    }
}
