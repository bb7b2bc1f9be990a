use crate::patient::SprayDose;

/// What a patient is treated with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Treatment {
    /// 0.5 mg/kg of ketamine into the vein over 40 min.
    #[default]
    Ketamine,
    /// Esketamine sprayed into the nose, watched for 2 h from the first spray.
    Esketamine(SprayDose),
    /// An antibody into the vein over 2 h: it does not raise the pressure, and some patients react
    /// to it.
    Infliximab,
}

/// An event that a watch must not miss (clinical.md#alarm-burden).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severe {
    /// No breath for 60 s.
    Apnoea,
    /// Marked obstruction for 90 s.
    Obstruction,
    /// A faint when the cannula is placed.
    FaintAtCannulation,
    /// A faint in the middle of the treatment.
    Faint,
    /// 183/113 or more for 10 min.
    Surge,
    /// A heart rate of 125 or more for 10 min.
    FastHeart,
}

impl Severe {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Apnoea,
        Self::Obstruction,
        Self::FaintAtCannulation,
        Self::Faint,
        Self::Surge,
        Self::FastHeart,
    ];
}

/// The session that is wanted. The same order gives the same session on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The seed of the whole run.
    pub seed: u64,
    /// The number of the session in the run, below 2^48. With another seeded event it is the same
    /// patient on the same day.
    pub index: u64,
    /// The treatment.
    pub treatment: Treatment,
    /// The event that certainly happens, besides those that are drawn.
    pub severe: Option<Severe>,
    /// The times of the session.
    pub timeline: Timeline,
    /// Patients with a baseline reading above 140/90 are treated like the rest, and marked.
    /// Otherwise others are drawn instead.
    pub keeps_held: bool,
    /// Cuffs are sometimes on a bent arm, or of the wrong size (clinical.md#instruments). Without
    /// this the population is the one that docs/simulator/README.md counts.
    pub has_gross_errors: bool,
    /// The cuff is above the finger clip: only when this is asked for.
    pub is_on_same_arm: bool,
    /// How many of 100 bursts of motion the monitor does not notice, so that it trusts the numbers.
    /// The rest of the session is the same for any value.
    pub unflagged_motion_percent: u32,
}

impl Order {
    /// A session of 95 min with ketamine, without a seeded event.
    pub fn new(seed: u64, index: u64) -> Self {
        let treatment = Treatment::Ketamine;
        let timeline = Timeline::of(treatment);
        Self {
            seed,
            index,
            treatment,
            severe: None,
            timeline,
            keeps_held: false,
            has_gross_errors: true,
            is_on_same_arm: false,
            unflagged_motion_percent: 0,
        }
    }

    /// With another treatment, and its times.
    pub fn with_treatment(self, treatment: Treatment) -> Self {
        Self { treatment, timeline: Timeline::of(treatment), ..self }
    }

    /// With an event that must not be missed.
    pub fn with_severe(self, severe: Severe) -> Self {
        Self { severe: Some(severe), ..self }
    }
}

/// How long each part of a session is, and how often the cuff measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    /// From the first frame to the start, at least.
    pub baseline_s: u32,
    /// From the start to when the pump stops, or to the last spray.
    pub dosing_s: u32,
    /// The whole session.
    pub total_s: u32,
    /// The first reading after the start.
    pub first_reading_s: u32,
    /// The interval while dosing, s, and after the first reading if that is later.
    pub every_s: u32,
    /// The interval afterwards, s.
    pub then_every_s: u32,
}

impl Timeline {
    /// The times of clinical.md#profiles.
    pub const fn of(treatment: Treatment) -> Self {
        match treatment {
            Treatment::Ketamine => Self {
                baseline_s: 600,
                dosing_s: 2400,
                total_s: 5700,
                first_reading_s: 300,
                every_s: 300,
                then_every_s: 600,
            },
            Treatment::Esketamine(dose) => Self {
                baseline_s: 600,
                dosing_s: match dose {
                    SprayDose::Mg28 => 1,
                    SprayDose::Mg56 => 300,
                    SprayDose::Mg84 => 600,
                },
                total_s: 600 + 7200,
                first_reading_s: 2400,
                every_s: 1500,
                then_every_s: 1500,
            },
            Treatment::Infliximab => Self {
                baseline_s: 600,
                dosing_s: 7200,
                total_s: 600 + 7200 + 3600,
                first_reading_s: 900,
                every_s: 900,
                then_every_s: 1800,
            },
        }
    }

    /// The next reading of the cadence that is due this many seconds after the start.
    pub(super) fn reading_after(&self, since_start_s: u32) -> u32 {
        let every_s = if since_start_s < self.dosing_s { self.every_s } else { self.then_every_s };
        if since_start_s < self.first_reading_s {
            self.first_reading_s
        } else {
            since_start_s + every_s
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(treatment: Treatment) -> Vec<u32> {
        let timeline = Timeline::of(treatment);
        let left_s = timeline.total_s - timeline.baseline_s;
        let mut due_s = vec![timeline.reading_after(0)];
        while let Some(next_s) = due_s.last().map(|due_s| timeline.reading_after(*due_s)) {
            if next_s > left_s {
                break;
            }
            due_s.push(next_s);
        }
        due_s.iter().map(|due_s| due_s / 60).collect()
    }

    #[test]
    fn the_cuff_goes_round_as_clinical_2_3_says() {
        let infusing = [5, 10, 15, 20, 25, 30, 35, 40];
        assert_eq!(round(Treatment::Ketamine)[..8], infusing);
        assert_eq!(round(Treatment::Ketamine)[8..], [50, 60, 70, 80]);
        assert_eq!(round(Treatment::Esketamine(SprayDose::Mg56)), [40, 65, 90, 115]);
    }

    #[test]
    fn a_session_with_ketamine_is_10_40_and_45_min() {
        let Timeline { baseline_s, dosing_s, total_s, .. } = Timeline::of(Treatment::Ketamine);
        assert_eq!((baseline_s, dosing_s, total_s - baseline_s - dosing_s), (600, 2400, 2700));
    }
}
