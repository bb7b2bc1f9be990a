//! The clinic that is tried by hand: its rooms, who acts in it, when it begins.

use dripwatch::room::Authority;
use dripwatch::vitals::{Millis, RoomId};
use dripwatch::ward::{Actor, WardConfig};

pub(crate) const START: Millis = Millis(1_795_262_400_000);
pub(crate) const ROOMS: [&str; 3] = ["1", "2", "3"];

/// The rooms; their monitors are bound later.
pub(crate) fn ward_config() -> anyhow::Result<WardConfig> {
    let rooms = ROOMS.map(|id| Ok((RoomId::new(id)?, format!("Room {id}"))));
    let rooms = rooms.into_iter().collect::<anyhow::Result<_>>()?;
    Ok(WardConfig { rooms, ..WardConfig::default() })
}

/// Somebody who may do everything.
pub(crate) fn nurse() -> Actor {
    let authority = Authority::Prescriber;
    let name = "KM".to_owned();
    Actor {
        initials: name.clone(),
        name,
        authority,
        authority_by_password: authority,
        is_identified: true,
        is_program: false,
        request: None,
    }
}
