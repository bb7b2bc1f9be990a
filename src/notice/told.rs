use std::collections::BTreeMap;

use super::{AlertStep, Audience, Delivery, Step, delivery_id};
use crate::rules::Priority;
use crate::vitals::Millis;

/// Which steps a channel wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The channel.
    pub channel: String,
    /// Of alerts with these priorities.
    pub priorities: Vec<Priority>,
    /// Meant for these people; a step for everybody is always wanted.
    pub audiences: Vec<Audience>,
    /// Whether a patient's initials go along.
    pub has_initials: bool,
}

impl Route {
    fn wants(&self, step: &AlertStep) -> bool {
        let is_meant = step.audience == Audience::All || self.audiences.contains(&step.audience);
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
}

impl Told {
    /// This was told before, perhaps by an earlier run.
    pub fn note(&mut self, delivery: &Delivery) {
        let known = self.0.entry(delivery.channel.clone()).or_default();
        known.has_prescriber |= delivery.audience.has_prescriber();
        let (n, at) = known.steps.entry(delivery.step).or_insert((0, delivery.at));
        *n = delivery.n.max(*n);
        *at = delivery.at.max(*at);
    }

    /// What the channels are to say about this step: those that want it and, when it only follows
    /// what was said before, those that said that. A step that is known already is not said again.
    pub fn tell(
        &mut self,
        step: &AlertStep,
        routes: &[Route],
        initials: Option<&str>,
    ) -> Vec<Delivery> {
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
            let audience = match known {
                Some(known) if step.step.is_follow_up() && !known.has_prescriber => Audience::First,
                _ => step.audience,
            };
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
                at: step.at,
                n,
                initials: initials.filter(|_| route.has_initials).map(str::to_owned),
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
        let medium = told.tell(&step(Step::Raised, Priority::Medium, 1), &routes, None);
        assert_eq!(who(&medium), [("mail", 1)]);
        let high = told.tell(&step(Step::Worse, Priority::High, 2), &routes, None);
        assert_eq!(who(&high), [("pager", 1)]);
        // By then the alert has come down: whoever heard of it hears that it is over.
        let over = told.tell(&step(Step::Resolved, Priority::Low, 3), &routes, None);
        assert_eq!(who(&over), [("pager", 1), ("mail", 1)]);
    }

    #[test]
    fn nobody_hears_the_end_of_what_they_never_heard_of() {
        let routes = [route("pager", &[Priority::High])];
        let mut told = Told::default();
        let over = step(Step::Resolved, Priority::High, 3);
        assert_eq!(told.tell(&over, &routes, None), []);
    }

    #[test]
    fn the_same_step_is_told_once_and_the_next_of_its_kind_has_the_next_number() {
        let routes = [route("pager", &[Priority::High])];
        let mut told = Told::default();
        let first = told.tell(&step(Step::Raised, Priority::High, 1), &routes, None);
        // As after a restart: what is stored is known.
        let mut later = Told::default();
        later.note(&first[0]);
        assert_eq!(later.tell(&step(Step::Raised, Priority::High, 1), &routes, None), []);
        let again = later.tell(&step(Step::Raised, Priority::High, 2), &routes, None);
        assert_eq!(who(&again), [("pager", 2)]);
        assert_ne!(again[0].id, first[0].id);
    }

    #[test]
    fn initials_go_where_the_clinic_wants_them_alone() {
        let with = Route { has_initials: true, ..route("ours", &[Priority::High]) };
        let routes = [with, route("pager", &[Priority::High])];
        let told =
            Told::default().tell(&step(Step::Raised, Priority::High, 1), &routes, Some("J.T."));
        let initials: Vec<_> = told.iter().map(|one| one.initials.as_deref()).collect();
        assert_eq!(initials, [Some("J.T."), None]);
    }

    #[test]
    fn a_channel_for_prescribers_hears_what_is_meant_for_them_or_for_all() {
        let routes =
            [Route { audiences: vec![Audience::Prescriber], ..route("doctor", &[Priority::High]) }];
        let mut told = Told::default();
        assert_eq!(told.tell(&step(Step::Raised, Priority::High, 1), &routes, None), []);
        let of =
            |at, audience| AlertStep { audience, ..step(Step::Prescriber, Priority::High, at) };
        assert_eq!(who(&told.tell(&of(2, Audience::Prescriber), &routes, None)), [("doctor", 1)]);
        assert_eq!(who(&told.tell(&of(3, Audience::All), &routes, None)), [("doctor", 2)]);
        let over = told.tell(&step(Step::Resolved, Priority::High, 4), &routes, None);
        assert_eq!(over[0].audience, Audience::First, "nurses' own devices hear it as it was sent");
    }
}
