//! The reference runs (clinical.md#reference-runs): what a pump does to a typical patient of 70 kg,
//! without noise.

use crate::patient::Model;
use crate::patient::kinetics::{Factors, Kinetics};
use crate::patient::pressor::Pressor;

const WEIGHT_KG: f64 = 70.0;
/// How long each run is followed.
const LASTS_S: u32 = 180 * 60;

/// One run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its name in clinical.md#reference-runs.
    pub name: &'static str,
    /// What the pump does, for people.
    pub shows: &'static str,
    /// Where the drug goes.
    pub model: Model,
    /// The pump's rate, mg/kg/min: from each minute on, in order.
    rates: &'static [(u32, f64)],
}

/// The state that a run has reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds after the start.
    pub second: u32,
    /// Concentration in plasma, ng/mL.
    pub plasma_ng_ml: f64,
    /// g, the fraction of a patient's amplitudes.
    pub drive: f64,
}

const fn clements(name: &'static str, shows: &'static str, rates: &'static [(u32, f64)]) -> Run {
    Run { name, shows, model: Model::Clements250, rates }
}

/// R1 to R8, and then the run of Domino's model.
pub const RUNS: [Run; 9] = [
    R1,
    clements("R2", "0.5 mg/kg over 60 min", &[(0, 0.5 / 60.0), (60, 0.0)]),
    clements("R3", "1.0 mg/kg over 40 min", &[(0, 1.0 / 40.0), (40, 0.0)]),
    clements("R4", "0.75 mg/kg over 45 min", &[(0, 0.75 / 45.0), (45, 0.0)]),
    clements("R5", "R1 stopped at 25 min", &[(0, 0.5 / 40.0), (25, 0.0)]),
    clements(
        "R6",
        "R1 halved at 20 min, ends at 60 min",
        &[(0, 0.5 / 40.0), (20, 0.25 / 40.0), (60, 0.0)],
    ),
    clements(
        "R7",
        "R1 paused from 20 to 30 min, ends at 50 min",
        &[(0, 0.5 / 40.0), (20, 0.0), (30, 0.5 / 40.0), (50, 0.0)],
    ),
    clements("R8", "0.25 mg/kg over 40 min", &[(0, 0.25 / 40.0), (40, 0.0)]),
    Run { name: "Domino", model: Model::Domino, ..R1 },
];

const R1: Run = clements("R1", "0.5 mg/kg over 40 min", &[(0, 0.5 / 40.0), (40, 0.0)]);

impl Run {
    /// The run, second by second for three hours.
    pub fn points(self) -> impl Iterator<Item = Point> {
        let mut kinetics = Kinetics::new(self.model, WEIGHT_KG, Factors::TYPICAL);
        let mut pressor = Pressor::default();
        (1..=LASTS_S).map(move |second| {
            let rate = self.rates.iter().rev().find(|(minute, _)| minute * 60 < second);
            kinetics.step(1.0, rate.map_or(0.0, |(_, mg_per_kg_min)| mg_per_kg_min * WEIGHT_KG));
            pressor.step(1.0, kinetics.effect_site_ng_ml());
            Point { second, plasma_ng_ml: kinetics.plasma_ng_ml(), drive: pressor.drive() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTES: [u32; 12] = [5, 10, 20, 30, 40, 45, 50, 60, 80, 100, 120, 180];

    /// From R1 to R8: ng/mL.
    const PLASMA: [[f64; 12]; 8] = [
        [33., 62., 109., 147., 177., 157., 141., 115., 85., 68., 59., 44.],
        [22., 41., 73., 98., 118., 127., 135., 150., 102., 77., 64., 46.],
        [66., 124., 219., 294., 355., 315., 282., 231., 169., 137., 118., 88.],
        [44., 83., 146., 196., 236., 254., 226., 184., 132., 105., 90., 66.],
        [33., 62., 109., 114., 90., 81., 74., 62., 48., 40., 35., 26.],
        [33., 62., 109., 116., 123., 126., 129., 136., 95., 74., 62., 45.],
        [33., 62., 109., 85., 130., 149., 165., 132., 93., 73., 61., 45.],
        [17., 31., 55., 73., 89., 79., 70., 58., 42., 34., 29., 22.],
    ];

    /// (largest ng/mL, at this minute).
    const LARGEST_PLASMA: [(f64, f64); 8] = [
        (177.3, 40.),
        (149.9, 60.),
        (354.7, 40.),
        (254.1, 45.),
        (129.2, 25.),
        (136.2, 60.),
        (165.5, 50.),
        (88.7, 40.),
    ];

    const DRIVE: [[f64; 12]; 8] = [
        [0.06, 0.25, 0.63, 0.87, 1.00, 0.89, 0.75, 0.52, 0.23, 0.10, 0.05, 0.01],
        [0.03, 0.12, 0.34, 0.53, 0.66, 0.71, 0.75, 0.81, 0.40, 0.17, 0.08, 0.02],
        [0.23, 0.71, 1.24, 1.39, 1.41, 1.32, 1.21, 1.00, 0.65, 0.43, 0.30, 0.15],
        [0.11, 0.40, 0.88, 1.12, 1.21, 1.23, 1.13, 0.88, 0.50, 0.28, 0.17, 0.07],
        [0.06, 0.25, 0.63, 0.67, 0.42, 0.33, 0.26, 0.15, 0.05, 0.01, 0.0, 0.0],
        [0.06, 0.25, 0.63, 0.66, 0.67, 0.67, 0.68, 0.69, 0.33, 0.14, 0.07, 0.02],
        [0.06, 0.25, 0.63, 0.43, 0.72, 0.83, 0.92, 0.68, 0.31, 0.14, 0.06, 0.02],
        [0.02, 0.07, 0.21, 0.34, 0.45, 0.38, 0.29, 0.17, 0.05, 0.01, 0.0, 0.0],
    ];

    /// (largest g, at this minute).
    const LARGEST_DRIVE: [(f64, f64); 8] = [
        (1.000, 40.2),
        (0.806, 60.1),
        (1.414, 38.5),
        (1.230, 45.1),
        (0.771, 25.6),
        (0.691, 60.),
        (0.918, 50.4),
        (0.451, 40.4),
    ];

    fn at(run: Run, minute: u32) -> Point {
        run.points().nth((minute * 60 - 1) as usize).expect("a run lasts 180 min")
    }

    /// The table is printed in whole ng/mL, so half a unit is added to its 2 %.
    fn assert_plasma(run: Run, minute: u32, expected_ng_ml: f64) {
        let found = at(run, minute).plasma_ng_ml;
        let tolerance = expected_ng_ml * 0.02 + 0.5;
        assert!(
            (found - expected_ng_ml).abs() <= tolerance,
            "{} at {minute} min: {found} for {expected_ng_ml}",
            run.name
        );
    }

    fn largest(run: Run, of: impl Fn(&Point) -> f64) -> (f64, f64) {
        let largest = run.points().max_by(|a, b| of(a).total_cmp(&of(b))).expect("it has points");
        (of(&largest), f64::from(largest.second) / 60.0)
    }

    #[test]
    fn plasma_follows_its_table_within_2_percent() {
        for (run, row) in RUNS.into_iter().zip(PLASMA) {
            MINUTES.iter().zip(row).for_each(|(minute, ng_ml)| assert_plasma(run, *minute, ng_ml));
        }
    }

    #[test]
    fn the_largest_plasma_is_that_of_the_table_and_comes_when_the_pump_stops() {
        for (run, (ng_ml, minute)) in RUNS.into_iter().zip(LARGEST_PLASMA) {
            let (found, at_minute) = largest(run, |point| point.plasma_ng_ml);
            assert!((found - ng_ml).abs() <= ng_ml * 0.02, "{}: {found}", run.name);
            assert!((at_minute - minute).abs() <= 0.5, "{}: at {at_minute}", run.name);
        }
    }

    #[test]
    fn the_pressor_drive_follows_its_table_within_0_02() {
        for (run, row) in RUNS.into_iter().zip(DRIVE) {
            for (minute, expected) in MINUTES.iter().zip(row) {
                let found = at(run, *minute).drive;
                let name = run.name;
                assert!((found - expected).abs() <= 0.02, "{name} at {minute} min: {found}");
            }
        }
    }

    #[test]
    fn the_largest_drive_is_that_of_the_table_within_half_a_minute() {
        for (run, (expected, minute)) in RUNS.into_iter().zip(LARGEST_DRIVE) {
            let (found, at_minute) = largest(run, |point| point.drive);
            assert!((found - expected).abs() <= 0.02, "{}: {found}", run.name);
            assert!((at_minute - minute).abs() <= 0.5, "{}: at {at_minute}", run.name);
        }
    }

    #[test]
    fn domino_follows_its_table_within_2_percent() {
        let row = [
            (5, 155.),
            (10, 182.),
            (20, 210.),
            (30, 227.),
            (40, 240.),
            (45, 91.),
            (50, 71.),
            (60, 55.),
            (80, 46.),
            (120, 36.),
        ];
        row.iter().for_each(|(minute, ng_ml)| assert_plasma(RUNS[8], *minute, *ng_ml));
    }
}
