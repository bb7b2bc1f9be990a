use serde_json::{Value as Json, json};

use super::{Audience, Delivery, Step};
use crate::rules::Priority;
use crate::vitals::Millis;

/// A message as people read it, whichever way it goes to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The delivery's id: the same each time it is tried.
    pub id: String,
    /// When what it says happened.
    pub at: Millis,
    /// What it is about: a later message about the same takes its place on a phone.
    pub about: String,
    /// How soon somebody must look.
    pub priority: Priority,
    /// Whether it asks somebody to act.
    pub is_call: bool,
    /// Who should hear of it.
    pub audience: Audience,
    /// The nurses among them, by initials; when it is empty, all.
    pub to: Vec<String>,
    /// Priority and room.
    pub title: String,
    /// What happened, and when.
    pub text: String,
    /// The same for a program.
    pub json: Json,
}

impl Message {
    /// What is said of a delivery; the time as staff read it.
    #[must_use]
    pub fn of(delivery: &Delivery, time: &str) -> Self {
        let Delivery { id, alert, room, priority, step, at, state, condition, .. } = delivery;
        let place = room.as_ref().map_or("the whole clinic".to_owned(), |id| format!("room {id}"));
        let whose = delivery.initials.as_ref().map_or(String::new(), |it| format!(" ({it})"));
        let mut json = json!({
            "id": id, "at": at, "room": room, "priority": priority, "state": state, "alert": alert,
            "condition": condition, "step": step,
        });
        if let Some(initials) = &delivery.initials {
            json["initials"] = json!(initials);
        }
        Self {
            id: id.clone(),
            at: *at,
            about: blake3::hash(alert.as_bytes()).to_hex()[..32].to_owned(),
            priority: *priority,
            is_call: !step.is_follow_up(),
            audience: delivery.audience,
            to: delivery.to.clone(),
            title: format!("{}, {place}{whose}", priority_words(*priority)),
            text: format!("{} at {time}. {}", step_words(*step), remedy(*step)),
            json,
        }
    }

    /// A test that an administrator asked for.
    #[must_use]
    pub fn test(id: &str, at: Millis, time: &str) -> Self {
        Self {
            id: id.to_owned(),
            at,
            about: "test".to_owned(),
            priority: Priority::Low,
            is_call: true,
            audience: Audience::All,
            to: Vec::new(),
            title: "Test from dripwatch".to_owned(),
            text: format!("Sent at {time} to try this channel. Nobody needs to do anything."),
            json: json!({
                "id": id, "at": at, "room": null, "priority": "low", "state": null, "alert": null,
                "condition": null, "step": "test",
            }),
        }
    }

    /// Title and text in one line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.title, self.text)
    }

    /// What a browser's service worker shows.
    #[must_use]
    pub fn for_browser(&self) -> Json {
        json!({
            "id": self.id, "about": self.about, "title": self.title, "text": self.text,
            "priority": self.priority, "call": self.is_call, "room": self.json["room"],
        })
    }
}

fn priority_words(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "High priority",
        Priority::Medium => "Medium priority",
        Priority::Low => "Low priority",
    }
}

fn step_words(step: Step) -> &'static str {
    match step {
        Step::Raised => "Alert",
        Step::Repeat | Step::SecondNurse | Step::Prescriber => "Still nobody has it",
        Step::Worse => "It got worse",
        Step::Acknowledged => "Somebody is going: taken",
        Step::Resolved => "It is over: ended",
        Step::Help => "Help was called",
    }
}

fn remedy(step: Step) -> &'static str {
    match step {
        Step::Raised | Step::Repeat | Step::Worse => "Look at the staff screen, or go.",
        Step::SecondNurse => "Second nurse, please go.",
        Step::Prescriber => "Prescriber, please come.",
        Step::Acknowledged | Step::Resolved => "Nothing to do.",
        Step::Help => "Please go.",
    }
}

/// In which form a webhook is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Ours, for a program.
    #[default]
    Dripwatch,
    /// Slack's incoming webhooks.
    Slack,
    /// Microsoft Teams' workflows: a message with an adaptive card.
    Teams,
    /// An ntfy topic.
    Ntfy,
}

/// What is posted to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The media type of the body.
    pub media_type: &'static str,
    /// Further headers, in ASCII.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Dripwatch, Self::Slack, Self::Teams, Self::Ntfy];

    /// The name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dripwatch => "dripwatch",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Ntfy => "ntfy",
        }
    }

    /// The message in this form.
    #[must_use]
    pub fn posted(self, message: &Message) -> Posted {
        let as_json = |body: Json| Posted {
            media_type: "application/json",
            headers: Vec::new(),
            body: body.to_string(),
        };
        match self {
            Self::Dripwatch => as_json(message.json.clone()),
            Self::Slack => as_json(json!({"text": message.line()})),
            Self::Teams => {
                let block = |text: &str, weight: &str| json!({"type": "TextBlock", "text": text, "weight": weight, "wrap": true});
                as_json(json!({"type": "message", "attachments": [{
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "contentUrl": null,
                    "content": {
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard",
                        "version": "1.2",
                        "body": [block(&message.title, "Bolder"), block(&message.text, "Default")],
                    },
                }]}))
            }
            Self::Ntfy => Posted {
                media_type: "text/plain; charset=utf-8",
                headers: vec![
                    ("title", ascii(&message.title)),
                    ("priority", ntfy_priority(message).to_owned()),
                ],
                body: message.text.clone(),
            },
        }
    }
}

/// ntfy's scale: 5 rings until it is seen, 3 is its usual one, 2 makes no sound.
fn ntfy_priority(message: &Message) -> &'static str {
    match message.priority {
        _ if !message.is_call => "2",
        Priority::High => "5",
        Priority::Medium => "4",
        Priority::Low => "3",
    }
}

/// A header holds no other letters for certain.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{AlertStep, Route, Told, Whose};
    use crate::room::AlertState;
    use crate::rules::Condition;
    use crate::vitals::RoomId;

    fn delivery(step: Step, initials: Option<&str>) -> Delivery {
        let route = Route {
            channel: "pager".to_owned(),
            priorities: vec![Priority::High],
            audiences: vec![Audience::First],
            has_initials: true,
        };
        let step = AlertStep {
            alert: "0193-a1".to_owned(),
            room: Some(RoomId::new("3").unwrap()),
            priority: Priority::High,
            condition: Condition::Spo2Low,
            state: AlertState::Active,
            step,
            at: Millis(1_763_726_400_000),
            audience: Audience::All,
        };
        let initials = initials.map(str::to_owned);
        let whose = Whose { initials, ..Whose::default() };
        Told::default().tell(&step, &[route], &whose).remove(0)
    }

    #[test]
    fn the_body_for_a_program_is_the_contract_s() {
        let delivery = delivery(Step::Raised, None);
        let posted = Format::Dripwatch.posted(&Message::of(&delivery, "12:00"));
        let body: Json = serde_json::from_str(&posted.body).unwrap();
        assert_eq!(
            body,
            json!({"id": delivery.id, "at": 1_763_726_400_000_i64, "room": "3", "priority": "high",
                "state": "active", "alert": "0193-a1", "condition": "spo2_low", "step": "raised"})
        );
    }

    #[test]
    fn people_read_priority_room_and_what_happened_and_not_what_the_patient_has() {
        let message = Message::of(&delivery(Step::Raised, None), "12:00");
        assert_eq!(
            message.line(),
            "High priority, room 3: Alert at 12:00. Look at the staff screen, or go."
        );
        let chosen = Message::of(&delivery(Step::Raised, Some("J.T.")), "12:00");
        assert_eq!(chosen.title, "High priority, room 3 (J.T.)");
        for format in [Format::Slack, Format::Teams, Format::Ntfy] {
            let posted = format.posted(&chosen);
            let all = format!("{posted:?}").to_lowercase();
            assert!(all.contains("room 3") && !all.contains("spo2"), "{all}");
        }
    }

    #[test]
    fn each_form_is_what_its_receiver_asks_for() {
        let message = Message::of(&delivery(Step::Raised, Some("Ü.T.")), "12:00");
        let slack: Json = serde_json::from_str(&Format::Slack.posted(&message).body).unwrap();
        assert_eq!(slack["text"], message.line());
        let teams: Json = serde_json::from_str(&Format::Teams.posted(&message).body).unwrap();
        assert_eq!(teams["type"], "message");
        let card = &teams["attachments"][0];
        assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
        assert_eq!(card["content"]["body"][0]["text"], message.title);
        let ntfy = Format::Ntfy.posted(&message);
        assert_eq!(ntfy.headers[0], ("title", "High priority, room 3 (?.T.)".to_owned()));
        assert_eq!(ntfy.headers[1], ("priority", "5".to_owned()));
        assert_eq!(ntfy.body, message.text);
        let over = Format::Ntfy.posted(&Message::of(&delivery(Step::Repeat, None), "12:00"));
        assert_eq!(over.headers[1].1, "5");
    }

    #[test]
    fn a_test_says_that_it_is_one_in_every_form() {
        let message = Message::test("t1", Millis(0), "12:00");
        assert_eq!(message.json["step"], "test");
        for format in Format::ALL {
            assert!(format!("{:?}", format.posted(&message)).to_lowercase().contains("test"));
        }
    }
}
