//! The clinic's own lists: what screens offer by one tap. Versioned; as shipped until the clinic
//! changes them (clinical.md#lists). Pure.

mod check;
mod list;
mod shipped;

pub use check::{
    LONGEST_ITEM_TEXT, LONGEST_UNIT, ListProblem, MAX_DOSES, MAX_ITEMS, checked_items,
};
pub use list::{ListItems, ListName, ListedMedication, ListedText};
pub use shipped::shipped;
