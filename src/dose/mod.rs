//! What is ordered, and what has been given of it: milligrams, millilitres and minutes, computed
//! from what staff recorded (clinical.md#dose). dripwatch never speaks with a pump: what is given
//! is what the recorded rates say.

mod given;
mod order;
mod plan;
mod steps;

pub use given::Given;
pub use order::{Order, OrderProblem};
pub use plan::{DosePlan, Range, Sprays};
pub use steps::{DoseStep, DoseSteps, MOST_STEPS, Rate, RateUnit};
