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

/// What each screen was given of a frame of the room.
fn given(screens: &Screens, room: &RoomId) -> Vec<(ScreenId, Option<String>)> {
    screens.publish(room, |view| {
        let json = format!("{view:?}").into();
        Frame { rev: Some(1), room: None, class: Class::Kept, json }
    });
    let given = |screen: &Screen| screen.mailbox.take_now(usize::MAX);
    screens.screens.iter().map(|(id, screen)| (*id, given(screen))).collect()
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
                let expected = |screen: &Screen| {
                    screen.shows(&room).then(|| format!("{:?}", screen.view))
                };
                let expected: Vec<(ScreenId, Option<String>)> =
                    screens.screens.iter().map(|(id, screen)| (*id, expected(screen))).collect();
                prop_assert_eq!(given(&screens, &room), expected);
                let watches = |s: &&Screen| s.shows(&room) && s.is_attended(now);
                let watching = screens.screens.values().filter(watches).count();
                prop_assert_eq!(screens.watching(&room, now), watching);
            }
        }
    }
}
