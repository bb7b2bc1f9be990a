use std::collections::{BTreeMap, BTreeSet};

use super::{AlertStep, Audience, Delivery, Step, delivery_id};
use crate::rules::Priority;
use crate::shift::RoomStaff;
use crate::vitals::Millis;

/// Whose alert it is: the patient, and the nurses of the room. By default nothing is known of them.
#[derive(Clone, Debug, Default)]
pub struct Whose {
    /// The patient's initials.
    pub initials: Option<String>,
    /// Who is told of the room's alerts now.
    pub staff: RoomStaff,
}

impl Whose {
    /// The nurses whom a step is for. Where one of them is not known, it is for all, and so is what
    /// even two nurses have not taken, or the nurse of the room where nobody else is ever called.
    fn nurses(&self, step: &AlertStep) -> Vec<String> {
        let RoomStaff { first, second, .. } = &self.staff;
        if step.step == Step::Repeat && step.priority != Priority::High {
            return Vec::new();
        }
        let nurses = match step.audience {
            Audience::First => vec![first],
            Audience::Second => vec![first, second],
            Audience::Prescriber | Audience::All => return Vec::new(),
        };
        nurses.into_iter().cloned().collect::<Option<_>>().unwrap_or_default()
    }
}

/// Which steps a channel wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The channel.
    pub channel: String,
    /// Of alerts with these priorities.
    pub priorities: Vec<Priority>,
    /// Meant for one of these people, who is still called when others are as well; a step for
    /// everybody is always wanted.
    pub audiences: Vec<Audience>,
    /// Whether a patient's initials go along.
    pub has_initials: bool,
}

impl Route {
    fn wants(&self, step: &AlertStep) -> bool {
        let is_for = |audience: &Audience| step.audience >= *audience;
        let is_meant = step.audience == Audience::All || self.audiences.iter().any(is_for);
        self.priorities.contains(&step.priority) && is_meant
    }
}

/// What was told about one alert, by channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(BTreeMap<String, ByChannel>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ByChannel {
    /// How often each step was told, and when it last happened.
    steps: BTreeMap<Step, (u32, Millis)>,
    has_prescriber: bool,
    /// The nurses that it was for, if each time some were named.
    nurses: BTreeSet<String>,
    is_for_all: bool,
}

impl ByChannel {
    /// The nurses that it was for; when it is empty, all.
    fn nurses(&self) -> Vec<String> {
        if self.is_for_all { Vec::new() } else { self.nurses.iter().cloned().collect() }
    }
}

impl Told {
    /// This was told before, perhaps by an earlier run.
    pub fn note(&mut self, delivery: &Delivery) {
        let known = self.0.entry(delivery.channel.clone()).or_default();
        known.has_prescriber |= delivery.audience.has_prescriber();
        known.is_for_all |= delivery.to.is_empty();
        known.nurses.extend(delivery.to.iter().cloned());
        let (n, at) = known.steps.entry(delivery.step).or_insert((0, delivery.at));
        *n = delivery.n.max(*n);
        *at = delivery.at.max(*at);
    }

    /// What the channels are to say about this step: those that want it and, when it only follows
    /// what was said before, those that said that. A step that is known already is not said again.
    pub fn tell(&mut self, step: &AlertStep, routes: &[Route], whose: &Whose) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for route in routes {
            let known = self.0.get(&route.channel);
            let is_wanted =
                if step.step.is_follow_up() { known.is_some() } else { route.wants(step) };
            let before = known.and_then(|known| known.steps.get(&step.step));
            if !is_wanted || before.is_some_and(|(_, at)| *at == step.at) {
                continue;
            }
            let n = before.map_or(1, |(n, _)| n.saturating_add(1));
            let (audience, to) = match known {
                Some(known) if step.step.is_follow_up() => {
                    let is_for_prescribers = known.has_prescriber;
                    let audience = if is_for_prescribers { step.audience } else { Audience::First };
                    (audience, known.nurses())
                }
                _ => (step.audience, whose.nurses(step)),
            };
            let initials = whose.initials.clone().filter(|_| route.has_initials);
            let delivery = Delivery {
                id: delivery_id(&step.alert, step.step, &route.channel, n),
                channel: route.channel.clone(),
                alert: step.alert.clone(),
                room: step.room.clone(),
                priority: step.priority,
                condition: step.condition,
                state: step.state,
                step: step.step,
                audience,
                to,
                at: step.at,
                n,
                initials,
            };
            self.note(&delivery);
            deliveries.push(delivery);
        }
        deliveries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::AlertState;
    use crate::rules::Condition;
    use crate::vitals::RoomId;

    fn route(channel: &str, priorities: &[Priority]) -> Route {
        let audiences = vec![Audience::First, Audience::Second, Audience::Prescriber];
        let priorities = priorities.to_vec();
        Route { channel: channel.to_owned(), priorities, audiences, has_initials: false }
    }

    fn step(step: Step, priority: Priority, at: i64) -> AlertStep {
        AlertStep {
            alert: "s-a1".to_owned(),
            room: Some(RoomId::new("3").unwrap()),
            priority,
            condition: Condition::Spo2Low,
            state: AlertState::Active,
            step,
            at: Millis(at),
            audience: Audience::First,
        }
    }

    fn who(deliveries: &[Delivery]) -> Vec<(&str, u32)> {
        deliveries.iter().map(|one| (one.channel.as_str(), one.n)).collect()
    }

    #[test]
    fn each_channel_hears_of_its_priorities_and_then_of_the_rest_of_that_alert() {
        let routes = [route("pager", &[Priority::High]), route("mail", &[Priority::Medium])];
        let mut told = Told::default();
        let medium =
            told.tell(&step(Step::Raised, Priority::Medium, 1), &routes, &Whose::default());
        assert_eq!(who(&medium), [("mail", 1)]);
        let high = told.tell(&step(Step::Worse, Priority::High, 2), &routes, &Whose::default());
        assert_eq!(who(&high), [("pager", 1)]);
        // By then the alert has come down: whoever heard of it hears that it is over.
        let over = told.tell(&step(Step::Resolved, Priority::Low, 3), &routes, &Whose::default());
        assert_eq!(who(&over), [("pager", 1), ("mail", 1)]);
    }

    #[test]
    fn nobody_hears_the_end_of_what_they_never_heard_of() {
        let routes = [route("pager", &[Priority::High])];
        let mut told = Told::default();
        let over = step(Step::Resolved, Priority::High, 3);
        assert_eq!(told.tell(&over, &routes, &Whose::default()), []);
    }

    #[test]
    fn the_same_step_is_told_once_and_the_next_of_its_kind_has_the_next_number() {
        let routes = [route("pager", &[Priority::High])];
        let mut told = Told::default();
        let first = told.tell(&step(Step::Raised, Priority::High, 1), &routes, &Whose::default());
        // As after a restart: what is stored is known.
        let mut later = Told::default();
        later.note(&first[0]);
        assert_eq!(
            later.tell(&step(Step::Raised, Priority::High, 1), &routes, &Whose::default()),
            []
        );
        let again = later.tell(&step(Step::Raised, Priority::High, 2), &routes, &Whose::default());
        assert_eq!(who(&again), [("pager", 2)]);
        assert_ne!(again[0].id, first[0].id);
    }

    #[test]
    fn initials_go_where_the_clinic_wants_them_alone() {
        let with = Route { has_initials: true, ..route("ours", &[Priority::High]) };
        let routes = [with, route("pager", &[Priority::High])];
        let whose = Whose { initials: Some("J.T.".to_owned()), ..Whose::default() };
        let told = Told::default().tell(&step(Step::Raised, Priority::High, 1), &routes, &whose);
        let initials: Vec<_> = told.iter().map(|one| one.initials.as_deref()).collect();
        assert_eq!(initials, [Some("J.T."), None]);
    }

    #[test]
    fn who_was_called_first_is_still_called_while_others_are_too() {
        let only =
            |audience| Route { audiences: vec![audience], ..route("one", &[Priority::High]) };
        let is_told = |channel: Audience, audience| {
            let step = AlertStep { audience, ..step(Step::Repeat, Priority::High, 1) };
            !Told::default().tell(&step, &[only(channel)], &Whose::default()).is_empty()
        };
        let all = [Audience::First, Audience::Second, Audience::Prescriber, Audience::All];
        for (n, audience) in all.into_iter().enumerate() {
            for (m, channel) in all[..3].iter().enumerate() {
                assert_eq!(is_told(*channel, audience), m <= n, "{channel:?} of {audience:?}");
            }
        }
    }

    #[test]
    fn a_channel_for_prescribers_hears_what_is_meant_for_them_or_for_all() {
        let routes =
            [Route { audiences: vec![Audience::Prescriber], ..route("doctor", &[Priority::High]) }];
        let mut told = Told::default();
        assert_eq!(
            told.tell(&step(Step::Raised, Priority::High, 1), &routes, &Whose::default()),
            []
        );
        let of =
            |at, audience| AlertStep { audience, ..step(Step::Prescriber, Priority::High, at) };
        assert_eq!(
            who(&told.tell(&of(2, Audience::Prescriber), &routes, &Whose::default())),
            [("doctor", 1)]
        );
        assert_eq!(
            who(&told.tell(&of(3, Audience::All), &routes, &Whose::default())),
            [("doctor", 2)]
        );
        let over = told.tell(&step(Step::Resolved, Priority::High, 4), &routes, &Whose::default());
        assert_eq!(over[0].audience, Audience::First, "nurses' own devices hear it as it was sent");
    }

    fn room_of(first: Option<&str>, second: Option<&str>) -> Whose {
        let own = |initials: Option<&str>| initials.map(str::to_owned);
        let staff = RoomStaff { first: own(first), second: own(second), ..RoomStaff::default() };
        Whose { staff, ..Whose::default() }
    }

    #[test]
    fn an_alert_is_first_for_the_nurse_of_the_room_then_for_two_and_then_for_all() {
        let routes = [route("push", &[Priority::High])];
        let whose = room_of(Some("KM"), Some("TJ"));
        let mut told = Told::default();
        let mut to = |kind, audience, at, whose: &Whose| {
            let step = AlertStep { audience, ..step(kind, Priority::High, at) };
            told.tell(&step, &routes, whose).remove(0).to
        };
        assert_eq!(to(Step::Raised, Audience::First, 1, &whose), ["KM"]);
        assert_eq!(to(Step::Repeat, Audience::First, 2, &whose), ["KM"]);
        assert_eq!(to(Step::SecondNurse, Audience::Second, 3, &whose), ["KM", "TJ"]);
        let all = [""; 0];
        assert_eq!(to(Step::Prescriber, Audience::Prescriber, 4, &whose), all);
        assert_eq!(to(Step::Worse, Audience::First, 5, &Whose::default()), all, "nobody's room");
        let alone = room_of(Some("KM"), None);
        assert_eq!(to(Step::SecondNurse, Audience::Second, 6, &alone), all, "no second nurse");
    }

    /// Nobody else is called to a medium one, so its nurse must not be the only one who hears of it.
    #[test]
    fn a_medium_alert_that_its_nurse_has_not_taken_is_for_all() {
        let routes = [route("push", &[Priority::Medium])];
        let whose = room_of(Some("KM"), Some("TJ"));
        let mut told = Told::default();
        let raised = step(Step::Raised, Priority::Medium, 1);
        assert_eq!(told.tell(&raised, &routes, &whose)[0].to, ["KM"]);
        let pointed_out = step(Step::Repeat, Priority::Medium, 2);
        assert_eq!(told.tell(&pointed_out, &routes, &whose)[0].to, [""; 0]);
    }

    #[test]
    fn what_became_of_it_is_for_those_who_were_told_also_after_a_restart() {
        let routes = [route("push", &[Priority::High])];
        let mut told = Told::default();
        let raised = step(Step::Raised, Priority::High, 1);
        let km = told.tell(&raised, &routes, &room_of(Some("KM"), None));
        let mut later = Told::default();
        later.note(&km[0]);
        // By then another nurse has the room.
        let taken = step(Step::Acknowledged, Priority::High, 2);
        let tj = room_of(Some("TJ"), None);
        for told in [&mut told, &mut later] {
            assert_eq!(told.tell(&taken, &routes, &tj)[0].to, ["KM"]);
        }
        told.tell(&step(Step::Worse, Priority::High, 3), &routes, &Whose::default());
        let over = told.tell(&step(Step::Resolved, Priority::High, 4), &routes, &tj);
        assert_eq!(over[0].to, [""; 0], "in the end all were told");
    }

    #[test]
    fn a_message_of_before_there_were_names_on_it_is_for_all() {
        let routes = [route("push", &[Priority::High])];
        let raised = step(Step::Raised, Priority::High, 1);
        let sent = Told::default().tell(&raised, &routes, &Whose::default()).remove(0);
        let stored = serde_json::to_value(&sent).unwrap();
        assert_eq!(stored.get("to"), None);
        assert_eq!(serde_json::from_value::<Delivery>(stored).unwrap(), sent);
    }
}
