//! The clinical scenarios (clinical.md#scenarios): what must alarm, by when, and what must not.
//! Seconds count from the start of each recording.

mod breathing;
mod heart;
mod identity;
mod measuring;
mod pressure;
mod quiet;
mod staff;

use dripwatch::profile::{Condition, Priority};
use dripwatch::replay::Player;
use dripwatch::room::{AlertLine, AlertState, Phase, Room, ShownEvent, TaskKind};
use dripwatch::vitals::Millis;
use simulators::scenario::Scenario;

const START: Millis = Millis(1_795_262_400_000);

/// A scenario that was played to its end.
struct Played {
    name: &'static str,
    log: Vec<AlertLine>,
    room: Room,
    /// What the session listed, while it ran.
    events: Vec<ShownEvent>,
    /// Every task that was listed, with the second at which it began.
    tasks: Vec<(f64, TaskKind, String)>,
}

fn seconds(at: Millis) -> f64 {
    at.since(START) as f64 / 1_000.0
}

fn play(name: &'static str) -> Played {
    let recording = Scenario::named(name).unwrap().unwrap().recording();
    let mut player = Player::new(recording.as_bytes()).unwrap();
    let mut log = Vec::new();
    let mut events = Vec::new();
    let mut tasks: Vec<(f64, TaskKind, String)> = Vec::new();
    while let Some(lines) = player.step().unwrap() {
        log.extend(lines);
        let Some(room) = player.room_now() else { continue };
        if let Some(session) = room.session() {
            events.clone_from(&session.events);
        }
        for task in room.tasks() {
            if !tasks.iter().any(|(_, kind, text)| *kind == task.kind && *text == task.text) {
                tasks.push((seconds(room.now()), task.kind, task.text));
            }
        }
    }
    let room = player.room_now().unwrap().clone();
    Played { name, log, room, events, tasks }
}

impl Played {
    fn of(&self, condition: Condition) -> impl Iterator<Item = &AlertLine> {
        self.log.iter().filter(move |line| line.condition == condition)
    }

    /// The alert reaches this priority within these seconds, and not before.
    #[track_caller]
    fn alarms(&self, condition: Condition, priority: Priority, (from, to): (f64, f64)) {
        let reaches =
            |line: &&AlertLine| line.priority >= priority && line.state == AlertState::Active;
        let at = self.of(condition).find(reaches).map(|line| seconds(line.at));
        let name = condition.name();
        assert!(
            at.is_some_and(|at| (from..=to).contains(&at)),
            "{}: {name} {} at {at:?}, wanted {from} to {to} s",
            self.name,
            priority.name(),
        );
    }

    /// No alert but of these conditions, none of them graver than this.
    #[track_caller]
    fn nothing_else_than(&self, allowed: &[(Condition, Priority)]) {
        for line in &self.log {
            let known = allowed.iter().find(|(condition, _)| *condition == line.condition);
            assert!(
                known.is_some_and(|(_, gravest)| line.priority <= *gravest),
                "{}: {} {} at {} s",
                self.name,
                line.condition.name(),
                line.priority.name(),
                seconds(line.at),
            );
        }
    }

    #[track_caller]
    fn is_quiet(&self) {
        self.nothing_else_than(&[]);
    }

    fn phase(&self) -> Phase {
        self.room.session().unwrap().phase
    }

    fn last(&self, condition: Condition) -> AlertState {
        self.of(condition).last().unwrap().state
    }

    #[track_caller]
    fn has_task(&self, kind: TaskKind, (from, to): (f64, f64)) {
        let found = self.tasks.iter().find(|task| task.1 == kind);
        assert!(
            found.is_some_and(|task| (from..=to).contains(&task.0)),
            "{}: {kind:?} in {:?}",
            self.name,
            self.tasks
        );
    }

    fn noted(&self, words: &str) -> bool {
        self.events.iter().any(|event| event.text.contains(words))
    }
}
