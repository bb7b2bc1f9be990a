//! A frame reaches exactly the screens that show its room, whatever they chose before.

use proptest::prelude::*;

use super::*;
use crate::hub::Class;

const SCREENS: u64 = 5;
const ROOMS: [&str; 4] = ["1", "2", "3", "4"];

#[derive(Clone, Debug)]
enum Change {
    Join(View),
    Choose(Option<Vec<RoomId>>),
    See(bool),
    Leave,
    CloseAll,
}

fn change() -> impl Strategy<Value = Change> {
    let view = prop_oneof![Just(View::Staff), Just(View::Display)];
    let rooms = prop::collection::vec(prop::sample::select(&ROOMS[..]).prop_map(room), 0..6);
    prop_oneof![
        4 => view.prop_map(Change::Join),
        8 => prop::option::weighted(0.7, rooms).prop_map(Change::Choose),
        4 => any::<bool>().prop_map(Change::See),
        3 => Just(Change::Leave),
        1 => Just(Change::CloseAll),
    ]
}

fn room(id: &str) -> RoomId {
    RoomId::new(id).unwrap()
}

/// The screens that were given a frame of the room in this view.
fn reached(screens: &Screens, room: &RoomId, view: View) -> Vec<ScreenId> {
    let frame = Frame { rev: Some(1), room: None, class: Class::Kept, json: "{}".into() };
    screens.publish(room, view, &frame);
    let got = |screen: &Screen| screen.mailbox.take_now(usize::MAX).is_some();
    screens.screens.iter().filter(|(_, screen)| got(screen)).map(|(id, _)| *id).collect()
}

proptest! {
    #[test]
    fn a_frame_reaches_the_screens_that_show_its_room_and_no_others(
        changes in prop::collection::vec((0..SCREENS, change()), 1..60),
    ) {
        let (mut screens, now) = (Screens::default(), Millis(1));
        for (id, change) in changes {
            let id = ScreenId(id);
            match change {
                Change::Join(view) => {
                    let (name, initials) = (String::new(), String::new());
                    let me = Person { name, initials, role: crate::access::Role::Nurse };
                    screens.join(id, (view, me), Arc::default(), now);
                }
                Change::Choose(rooms) => screens.choose(id, rooms, Introduction::default()),
                Change::See(visible) => {
                    let presence = Presence { audible: true, visible, quiet: false };
                    screens.note_presence(id, presence, now);
                }
                Change::Leave => screens.leave(id),
                Change::CloseAll => screens.close_all(),
            }
            for room in ROOMS.map(room) {
                for view in [View::Staff, View::Display] {
                    let shows = |screen: &Screen| screen.view == view && screen.shows(&room);
                    let showing = screens.screens.iter().filter(|(_, screen)| shows(screen));
                    let expected: Vec<ScreenId> = showing.map(|(id, _)| *id).collect();
                    prop_assert_eq!(reached(&screens, &room, view), expected);
                }
                let watches = |s: &&Screen| s.shows(&room) && s.is_attended(now);
                let watching = screens.screens.values().filter(watches).count();
                prop_assert_eq!(screens.watching(&room, now), watching);
            }
        }
    }
}
