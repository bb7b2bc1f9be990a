//! What staff do, each by a request with a key, which they send again until they hear of it.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use dripwatch::vitals::Millis;
use serde_json::Value as Json;

use super::calls::{Answer, Attempt, Request, RequestFault};
use super::chance::Chance;
use super::net::{Net, Wire};
use super::trace::Trace;

/// Nobody waits longer for an answer, ms.
const PATIENCE_MS: i64 = 4_000;

/// What must be true once it is done.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Opened,
    Told { session: String },
    Ended { session: String },
    Taken { alert: String },
    CameOf { alert: String },
    Silenced,
}

/// One command.
pub(crate) struct Order {
    request: Request,
    pub(crate) what: What,
    /// Words that nothing else in the record has, where the command has words.
    pub(crate) mark: Option<String>,
    /// The first one. What is asked again is answered the same.
    pub(crate) answer: Option<Answer>,
    /// It is done, and on disk.
    pub(crate) is_stored: bool,
    attempts: Vec<(Attempt, Millis)>,
}

impl Order {
    /// It was done; a refusal does nothing.
    pub(crate) fn is_done(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.status < 300)
    }

    /// Whether its answer had this, and not null.
    pub(crate) fn shows(&self, field: &str) -> anyhow::Result<bool> {
        let answer = self.answer.as_ref().context("it is answered")?;
        Ok(!serde_json::from_str::<Json>(&answer.body)?[field].is_null())
    }

    fn accept(&mut self, answer: Answer) -> anyhow::Result<()> {
        let Request { path, body, .. } = &self.request;
        match answer.status {
            200 | 201 | 404 | 409 => {}
            // Not done, or not known: asked again, it will be.
            503 => return Ok(()),
            status => bail!("{path} {body} was answered {status}: {}", answer.body),
        }
        if let Some(first) = &self.answer {
            let is_same = first.status == answer.status && words(first)? == words(&answer)?;
            ensure!(is_same, "{path} {body} was answered {first:?}, and asked again {answer:?}");
        }
        let is_on_disk = serde_json::from_str::<Json>(&answer.body)?["recorded"] != false;
        let is_recorded = answer.status < 300 && is_on_disk;
        self.is_stored |= is_recorded;
        self.answer.get_or_insert(answer);
        Ok(())
    }
}

/// An answer, whether it was on disk then or not.
fn words(answer: &Answer) -> anyhow::Result<Json> {
    let mut json: Json = serde_json::from_str(&answer.body)?;
    if let Some(fields) = json.as_object_mut() {
        fields.remove("recorded");
    }
    Ok(json)
}

/// All that was asked for.
#[derive(Default)]
pub(crate) struct Orders {
    all: Vec<Order>,
    /// Lines on which nobody speaks or listens any more.
    pub(crate) left_open: Vec<Wire>,
    pub(crate) mishaps: u64,
    pub(crate) tries: u64,
}

impl Orders {
    /// Words for the next command.
    pub(crate) fn next_mark(&self) -> String {
        format!("m{}.", self.all.len())
    }

    /// Asks for something for the first time.
    pub(crate) fn give(
        &mut self,
        (path, body): (String, Json),
        (what, mark): (What, Option<String>),
        net: &Net,
        now: Millis,
        chance: &mut Chance,
    ) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let key = format!("key-{}", self.all.len());
        let request = Request { path, token: "staff", key, body };
        let order =
            Order { request, what, mark, answer: None, is_stored: false, attempts: Vec::new() };
        self.all.push(order);
        let index = self.all.len() - 1;
        if chance.one_in(5) {
            // Twice at once, as when somebody taps twice.
            self.attempt(index, net, now, chance, true);
        }
        self.attempt(index, net, now, chance, true);
    }

    /// Sends it, again or for the first time.
    fn attempt(
        &mut self,
        index: usize,
        net: &Net,
        now: Millis,
        chance: &mut Chance,
        may_fail: bool,
    ) {
        self.tries += 1;
        let Order { request, attempts, .. } = &mut self.all[index];
        let length = 250 + request.body.len();
        let mishap = (may_fail && chance.one_in(2)).then(|| RequestFault::draw(chance, length));
        self.mishaps += u64::from(mishap.is_some());
        attempts.push((Attempt::begin(net, request, mishap), now));
    }

    /// What was not answered is sent again, and now and then what was.
    pub(crate) fn ask_again(&mut self, net: &Net, now: Millis, chance: &mut Chance, is_calm: bool) {
        for index in 0..self.all.len() {
            let Order { attempts, answer, .. } = &self.all[index];
            let is_wanted = answer.is_none() && (is_calm || chance.one_in(2));
            if attempts.is_empty() && (is_wanted || (!is_calm && chance.one_in(200))) {
                self.attempt(index, net, now, chance, !is_calm);
            }
        }
    }

    /// Hears what has come.
    pub(crate) fn hear(&mut self, now: Millis, trace: &mut Trace) -> anyhow::Result<()> {
        for order in &mut self.all {
            for (mut attempt, begun) in std::mem::take(&mut order.attempts) {
                if let Some(answer) = attempt.hear()? {
                    trace.heard((&order.request.key, answer.status));
                    order.accept(answer)?;
                } else if attempt.is_open() && now.since(begun) < PATIENCE_MS {
                    order.attempts.push((attempt, begun));
                } else if attempt.is_open() {
                    attempt.give_up();
                } else {
                    self.left_open.extend(attempt.left_open());
                }
            }
        }
        Ok(())
    }

    /// Everything that was done until now is on disk.
    pub(crate) fn all_is_stored(&mut self) {
        for order in self.all.iter_mut().filter(|order| order.is_done()) {
            order.is_stored = true;
        }
    }

    /// Every line is dead, and what was only in memory is forgotten: it may be answered otherwise,
    /// or done, when it is asked for again.
    pub(crate) fn server_ended(&mut self) {
        self.left_open.clear();
        for order in &mut self.all {
            order.attempts.clear();
            if !order.is_stored {
                order.answer = None;
            }
        }
    }

    pub(crate) fn are_answered(&self) -> bool {
        self.all.iter().all(|order| order.answer.is_some())
    }

    /// What must be true for good.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Order> {
        self.all.iter().filter(|order| order.is_stored)
    }

    /// Nothing was done twice, and nothing that was done is missing: `record` is all that staff
    /// did, as it is on disk.
    pub(crate) fn are_each_done_once(&self, record: &str) -> anyhow::Result<()> {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for word in record.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.'))
        {
            *times.entry(word).or_default() += 1;
        }
        for order in &self.all {
            let Some(mark) = &order.mark else { continue };
            let times = times.get(mark.as_str()).copied().unwrap_or_default();
            let Request { path, body, .. } = &order.request;
            ensure!(times <= 1, "{path} {body} was done {times} times");
            ensure!(times == 1 || !order.is_stored, "{path} {body} was done and is gone");
        }
        Ok(())
    }

    pub(crate) fn count(&self) -> u64 {
        self.stored().count() as u64
    }
}

/// The id of a session that was opened.
pub(crate) fn opened(order: &Order) -> anyhow::Result<String> {
    let answer = order.answer.as_ref().context("it is answered")?;
    let json: Json = serde_json::from_str(&answer.body)?;
    Ok(json["id"].as_str().context("an id")?.to_owned())
}
