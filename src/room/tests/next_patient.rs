//! Whatever happened to one patient, the next one is judged as in a room that nobody was in.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::afterlife::AFTERLIFE;
use super::anything::{any_step, inputs, lines, undated};
use super::*;

/// Longer than any monitor is waited for, and than any rule of a gap.
const EMPTY_S: i64 = 200;

fn end() -> Input {
    Input::Staff { staff: "KM".to_owned(), event: Event::Abort { reason: None }, occurred_at: None }
}

fn opening(id: &str) -> Input {
    Input::Open(Opening {
        session: SessionId::new(id).unwrap(),
        profile: builtin(DEFAULT_PROFILE).unwrap(),
        planned_s: 2_400,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    })
}

/// What staff see of a patient.
fn seen(room: &Room) -> String {
    let session = room.session().unwrap();
    let alerts: Vec<_> =
        room.alerts().iter().filter(|a| a.session.as_ref() == Some(&session.id)).collect();
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        session,
        room.tasks(),
        room.shown_limits(),
        room.next_nibp_due(),
        room.measured_baseline(),
        alerts
    )
}

/// Of the alerts of this session.
fn own_lines(room: &mut Room) -> Vec<AlertLine> {
    let is_own = |line: &AlertLine| {
        line.alert.starts_with('a') && line.alert[1..].bytes().all(|b| b.is_ascii_digit())
    };
    lines(room).into_iter().filter(is_own).collect()
}

/// What of the room is not of its patient: a clock that is wrong, a device in conflict, a screen.
fn is_of_the_patient(input: &Input) -> bool {
    !matches!(input, Input::Link { link: Link::Conflict, .. } | Input::Watched(_))
}

/// By a monitor that was never here before.
fn by_a_new_monitor(input: Input) -> Option<Input> {
    match input {
        Input::Frame(frame) => {
            let device = DeviceId::new("new").unwrap();
            Some(undated(Input::Frame(Frame { device, ..frame })))
        }
        Input::Staff { staff, event, .. } => {
            let leaves = matches!(
                event,
                Event::Abort { .. } | Event::Discharge { .. } | Event::Transfer { .. }
            );
            (!leaves).then_some(Input::Staff { staff, event, occurred_at: None })
        }
        Input::Link { .. } | Input::Open(_) => None,
        input => Some(input),
    }
}

/// Whether nothing was ever noted here.
fn is_blank(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(keys) => keys.is_empty(),
        json => *json == 0,
    }
}

/// The state without what may outlive a session; what is blank then is left out.
fn without_afterlife(room: &Room) -> Json {
    let mut state = room.checkpoint()["state"].take();
    for (place, keys, _) in AFTERLIFE {
        let path = place.trim_end_matches("[]").replace('.', "/");
        let pointer = if path.is_empty() { path } else { format!("/{path}") };
        let found = state.pointer_mut(&pointer).unwrap();
        let objects: Vec<&mut Json> = match &mut *found {
            Json::Array(items) => items.iter_mut().collect(),
            object => vec![object],
        };
        for object in objects.into_iter().filter_map(Json::as_object_mut) {
            keys.iter().for_each(|key| drop(object.remove(*key)));
            if place.ends_with("[]") {
                object.retain(|_, value| !is_blank(value));
            }
        }
        match found {
            Json::Array(items) => items.retain(|item| !is_blank(item)),
            object if is_blank(object) => *object = Json::Null,
            _ => {}
        }
    }
    state
}

fn is_past_or_of_a_conflict(alert: &Alert) -> bool {
    alert.is_past
        || alert.condition == Condition::DeviceConflict && alert.state == AlertState::Active
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4_000, ..ProptestConfig::with_cases(250) })]

    #[test]
    fn the_next_patient_is_judged_as_in_a_room_that_nobody_was_in(
        before in proptest::collection::vec(any_step(), 1..20),
        after in proptest::collection::vec(any_step(), 1..12),
        begins_infusing in any::<bool>(),
    ) {
        let mut used = if begins_infusing { Stage::infusing() } else { Stage::without_session() }.room;
        let mut at = START;
        for (time, input) in inputs(&before) {
            at = time;
            match input.map(undated).filter(is_of_the_patient) {
                Some(Input::Open(_)) if used.session().is_some() => {}
                Some(input) => used.handle(&input, at),
                None => used.advance(at),
            }
        }
        if used.session().is_none() {
            used.handle(&opening("last"), at);
        }
        used.handle(&end(), at);
        prop_assert!(used.session().is_none());
        at = at.plus(EMPTY_S * 1_000);
        let mut fresh = Room::new(used.id().clone(), used.clinic_profile.clone());
        for room in [&mut used, &mut fresh] {
            room.handle(&opening("next"), at);
            lines(room);
        }
        let shift = at.since(START);
        prop_assert_eq!(seen(&used), seen(&fresh));
        for (time, input) in inputs(&after) {
            let time = time.plus(shift);
            let input = match input {
                Some(Input::Restart { blind_from, blind_to }) => Some(Input::Restart { blind_from: blind_from.plus(shift), blind_to: blind_to.plus(shift) }),
                Some(input) => by_a_new_monitor(input),
                None => None,
            };
            for room in [&mut used, &mut fresh] {
                match &input {
                    Some(input) => room.handle(input, time),
                    None => room.advance(time),
                }
            }
            prop_assert_eq!(own_lines(&mut used), own_lines(&mut fresh), "after {:?}", input);
            prop_assert_eq!(seen(&used), seen(&fresh), "after {:?}", input);
        }
    }

    #[test]
    fn a_session_that_ends_leaves_nothing_but_its_named_afterlife(
        script in proptest::collection::vec(any_step(), 1..25),
        begins_infusing in any::<bool>(),
        cut in 0..400usize,
    ) {
        let mut room = if begins_infusing { Stage::infusing() } else { Stage::without_session() }.room;
        let mut at = START;
        for (time, input) in inputs(&script).into_iter().take(cut) {
            at = time;
            match input {
                Some(Input::Open(_)) if room.session().is_some() => {}
                Some(input) => room.handle(&input, at),
                None => room.advance(at),
            }
        }
        if room.session().is_none() {
            room.handle(&opening("last"), at);
        }
        room.handle(&end(), at);
        prop_assert!(room.session().is_none());
        let fresh = Room::new(room.id().clone(), room.clinic_profile.clone());
        prop_assert_eq!(without_afterlife(&room), without_afterlife(&fresh));
        prop_assert!(room.alerts().iter().all(is_past_or_of_a_conflict), "{:?}", room.alerts());
    }
}
