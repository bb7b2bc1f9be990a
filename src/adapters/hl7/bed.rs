//! The bed that a message names (protocols.md#whose-data-it-is).

use super::message::{Message, Part};

/// A bed as a message names it.
pub(super) struct Bed {
    pub(super) text: String,
    /// As earlier versions wrote it, which did not mark where its two parts meet.
    pub(super) unmarked: String,
}

impl Bed {
    fn of(text: String) -> Self {
        Self { unmarked: text.clone(), text }
    }
}

/// The bed of `unit^room^bed^facility`, otherwise the room. A unit alone names no bed.
///
/// The bed may have sub-components, of which the first that is filled counts: `&24` (Comen),
/// `Doc1&5&1` (Philips). Mindray writes `department&bed&IPv4 as a number&port`: the bed's
/// number alone may occur in each department, so both are kept.
fn bed(pv1_3: &Part<'_>) -> Option<Bed> {
    let place = pv1_3.component(3);
    let subs: Vec<_> = place.subcomponents().take(4).map(|s| s.text()).collect();
    let is_address = |text: &str| text.parse::<u32>().is_ok_and(|n| n > 0x00FF_FFFF);
    let bed = match subs.as_slice() {
        [department, bed, address, ..] if !bed.is_empty() && is_address(address) => {
            match department.is_empty() {
                true => Bed::of(bed.to_string()),
                // If either contains the separator, the length says where it is.
                false if format!("{department}{bed}").contains('-') => {
                    let unmarked = format!("{department}-{bed}");
                    Bed { text: format!("{unmarked}#{}", department.chars().count()), unmarked }
                }
                false => Bed::of(format!("{department}-{bed}")),
            }
        }
        subs => Bed::of(subs.iter().find(|s| !s.is_empty())?.to_string()),
    };
    Some(bed)
}

pub(super) fn bed_or_room(pv1_3: &Part<'_>) -> Option<Bed> {
    bed(pv1_3).or_else(|| {
        let room = pv1_3.component(2);
        let room = room.subcomponents().map(|s| s.text()).find(|s| !s.is_empty())?;
        Some(Bed::of(room.into_owned()))
    })
}

/// The full bed that the message names.
pub(super) fn bed_of(message: &Message<'_>) -> Option<Bed> {
    let stays = message.segments().filter(|segment| segment.is("PV1"));
    stays.into_iter().find_map(|segment| bed_or_room(&segment.first(3)))
}
