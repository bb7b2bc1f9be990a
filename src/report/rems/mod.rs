//! The monitoring form that the esketamine REMS asks for after each treatment (CLINICAL 7.7),
//! filled in with what the record knows. What it does not know stays empty: staff complete the
//! form, and staff submit it.

mod effects;
mod fill;
mod form;
mod page;

pub use fill::{NotEsketamine, rems};
pub use form::{
    RemsConcomitant, RemsDevice, RemsDose, RemsEffect, RemsEvents, RemsForm, RemsPatient,
    RemsPressure, RemsPressures, RemsProvider, RemsSetting, RemsTreatment, RemsVitals,
};
pub use page::page as rems_page;
