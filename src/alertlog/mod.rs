//! What alerts led to: a line for each in the log, its table, and figures for each rule. Pure.

mod figures;
#[cfg(test)]
mod figures_test;
mod line;
mod table;

pub use figures::{
    DESERVING, Deserving, LEAST_OUTCOMES, RuleFigures, Tally, most_deserving, rule_figures,
};
pub use line::{FirstTaken, LoggedAlert, MOST_SAID, Said};
pub use table::Lines;
