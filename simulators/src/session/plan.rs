//! What happens to a patient and the instruments in a session, at the rates of clinical.md#rates.

use super::order::{Order, Severe, Treatment};
use crate::Draws;
use crate::patient::{Aim, Event, Medicine, Obstruction, Raised};

/// What kind of episode it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpisodeKind {
    /// No breath.
    Apnoea,
    /// Marked obstruction, to 89 % or below on most displays.
    Obstruction,
    /// Mild obstruction, to 92 % or below on most displays.
    MildObstruction,
    /// A faint.
    Faint,
    /// Pressure raised to 183/113.
    Surge,
    /// Heart rate raised to 125.
    FastHeart,
    /// Restlessness.
    Agitation,
    /// Nausea.
    Nausea,
    /// A reaction to the drug.
    Reaction,
    /// A medicine was given.
    Given(Medicine),
    /// The hand moves.
    Motion,
    /// The finger is cold.
    Cold,
    /// The clip slips off; staff put it back at the end.
    ProbeOff,
    /// Nothing from the monitor arrives.
    LinkDrop,
}

impl EpisodeKind {
    /// Whether it happens to the body, so that an alert about it is true.
    pub fn is_of_the_body(self) -> bool {
        !matches!(self, Self::Motion | Self::Cold | Self::ProbeOff | Self::LinkDrop)
    }
}

/// An episode, from its first second until body or instrument are as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// What kind of episode it is.
    pub what: EpisodeKind,
    /// It was ordered, not drawn.
    pub is_seeded: bool,
    /// Seconds after the beginning.
    pub from_s: u32,
    /// Seconds after the beginning.
    pub until_s: u32,
}

impl Episode {
    /// Whether it is going on in this second.
    pub fn is_on(&self, at_s: u32) -> bool {
        (self.from_s..self.until_s).contains(&at_s)
    }
}

/// How often in a session, by clinical.md#rates.
const PROBE_OFF: f64 = 0.4;
const MOTION: f64 = 2.0;
const LINK_DROP: f64 = 0.1;
const NAUSEA: f64 = 0.15;
const FAINT: f64 = 0.01;
const AGITATION: f64 = 0.02;
/// ≤ 92 % in 0.01 sessions, of which ≤ 89 % in 0.002.
const DESATURATION: f64 = 0.01;
const TO_89_OF_THEM: f64 = 0.2;
/// clinical.md#rates
const COLD: f64 = 0.02;
/// How many of those who sprayed or got ketamine and are restless are given midazolam: our own
/// choice.
const CALMED: f64 = 0.5;
/// Midazolam makes a desaturation three times as likely (clinical.md#events).
const CALMED_DESATURATION: f64 = 3.0 * DESATURATION;
/// How often in a session with an antibody: our own choice.
const REACTION: f64 = 0.02;

const MOTION_LASTS_S: (f64, f64) = (5.0, 41.0);
/// How long these last is our own choice.
const LINK_DROP_LASTS_S: (f64, f64) = (5.0, 91.0);
const RESITED_AFTER_S: (f64, f64) = (20.0, 91.0);
const COLD_SPELLS: f64 = 6.0;
const COLD_LASTS_S: (f64, f64) = (30.0, 120.0);
const AGITATION_LASTS_S: (f64, f64) = (180.0, 600.0);
const RISE_S: u32 = 60;
const STANDS_S: u32 = 600;

/// When the cannula is placed.
const NEEDLE_S: (f64, f64) = (120.0, 180.0);
/// How long a faint at that time postpones the start.
const FAINTED_S: u32 = 600;

/// A session as it was drawn.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// When the cannula hurts, if there is one: a faint has a rush of its own (clinical.md#events).
    pub(super) needle_s: Option<u32>,
    /// From when on the baseline may be accepted and the treatment starts.
    pub(super) start_s: u32,
    /// In order of their beginnings.
    pub(super) episodes: Vec<Episode>,
}

impl Plan {
    /// `usual` draws what may happen to anybody, `seeded` when the ordered event comes.
    pub(super) fn drawn(order: &Order, usual: &mut Draws, seeded: &mut Draws) -> Self {
        let timeline = order.timeline;
        let has_cannula = !matches!(order.treatment, Treatment::Esketamine(_));
        let needle_s = usual.uniform(NEEDLE_S.0, NEEDLE_S.1) as u32;
        let is_seeded = order.severe == Some(Severe::FaintAtCannulation);
        let faints = usual.chance(FAINT) && has_cannula && !is_seeded;
        let put_off_s = if faints || is_seeded { FAINTED_S } else { 0 };
        let start_s = timeline.baseline_s + put_off_s;
        let hurts = has_cannula && put_off_s == 0;
        let mut plan = Self { needle_s: hurts.then_some(needle_s), start_s, episodes: Vec::new() };
        if faints {
            plan.add(EpisodeKind::Faint, needle_s, FAINT_LASTS_S);
        }
        plan.draw_of_instruments(timeline.total_s, usual);
        plan.draw_of_body(order, usual);
        if let Some(severe) = order.severe {
            plan.seed(severe, needle_s, seeded);
        }
        plan.episodes.sort_by_key(|episode| episode.from_s);
        plan
    }

    fn add(&mut self, what: EpisodeKind, from_s: u32, lasts_s: u32) {
        self.episodes.push(Episode { what, is_seeded: false, from_s, until_s: from_s + lasts_s });
    }

    fn draw_of_instruments(&mut self, total_s: u32, draws: &mut Draws) {
        let cold_spells = if draws.chance(COLD) { COLD_SPELLS } else { 0.0 };
        let kinds = [
            (EpisodeKind::ProbeOff, PROBE_OFF, RESITED_AFTER_S),
            (EpisodeKind::Motion, MOTION, MOTION_LASTS_S),
            (EpisodeKind::LinkDrop, LINK_DROP, LINK_DROP_LASTS_S),
            (EpisodeKind::Cold, cold_spells, COLD_LASTS_S),
        ];
        for (what, often, (shortest_s, longest_s)) in kinds {
            for _ in 0..draws.poisson(often) {
                let from_s = draws.uniform(1.0, f64::from(total_s)) as u32;
                self.add(what, from_s, draws.uniform(shortest_s, longest_s) as u32);
            }
        }
    }

    fn draw_of_body(&mut self, order: &Order, draws: &mut Draws) {
        let start_s = self.start_s;
        // The drug is felt from some minutes after the start until about half an hour after its end.
        let when_s = |draws: &mut Draws| {
            let felt_s = f64::from(order.timeline.dosing_s.max(2400) + 1200);
            start_s + draws.uniform(300.0, felt_s) as u32
        };
        if order.treatment == Treatment::Infliximab {
            if draws.chance(REACTION) {
                let from_s = when_s(draws);
                self.add(EpisodeKind::Reaction, from_s, REACTION_LASTS_S);
            }
            return;
        }
        if draws.chance(NAUSEA) {
            let from_s = when_s(draws);
            self.add(EpisodeKind::Nausea, from_s, 120);
        }
        let mut desaturation = DESATURATION;
        if draws.chance(AGITATION) {
            let from_s = when_s(draws);
            let lasts_s = draws.uniform(AGITATION_LASTS_S.0, AGITATION_LASTS_S.1) as u32;
            self.add(EpisodeKind::Agitation, from_s, lasts_s + AGITATION_FADES_S);
            if draws.chance(CALMED) {
                self.add(EpisodeKind::Given(Medicine::Midazolam), from_s + 180, 3600);
                desaturation = CALMED_DESATURATION;
            }
        }
        if draws.chance(desaturation) {
            let from_s = when_s(draws);
            if draws.chance(TO_89_OF_THEM) {
                self.add(EpisodeKind::Obstruction, from_s, OBSTRUCTED_S + OPENS_S);
            } else {
                self.add(
                    EpisodeKind::MildObstruction,
                    from_s,
                    MILDLY_OBSTRUCTED_S + OPENS_MILDLY_S,
                );
            }
        }
    }

    fn seed(&mut self, severe: Severe, needle_s: u32, draws: &mut Draws) {
        let from_s = self.start_s + draws.uniform(300.0, 1700.0) as u32;
        let drawn = self.episodes.len();
        match severe {
            Severe::Apnoea => self.add(EpisodeKind::Apnoea, from_s, APNOEA_S + OPENS_S),
            Severe::Obstruction => {
                self.add(EpisodeKind::Obstruction, from_s, OBSTRUCTED_S + OPENS_S)
            }
            Severe::FaintAtCannulation => self.add(EpisodeKind::Faint, needle_s, FAINT_LASTS_S),
            Severe::Faint => self.add(EpisodeKind::Faint, from_s, FAINT_LASTS_S),
            Severe::Surge => self.add(EpisodeKind::Surge, from_s, RISE_S + STANDS_S),
            Severe::FastHeart => self.add(EpisodeKind::FastHeart, from_s, RISE_S + STANDS_S),
        }
        self.episodes[drawn..].iter_mut().for_each(|episode| episode.is_seeded = true);
    }
}

const APNOEA_S: u32 = 60;
const OBSTRUCTED_S: u32 = 90;
const MILDLY_OBSTRUCTED_S: u32 = 150;
/// Until the lungs are full again.
const OPENS_S: u32 = 20;
const OPENS_MILDLY_S: u32 = 38;
/// Until the pressure is back (clinical.md#events).
const FAINT_LASTS_S: u32 = 600;
const AGITATION_FADES_S: u32 = 360;
const REACTION_GROWS_S: u32 = 1200;
const REACTION_LASTS_S: u32 = REACTION_GROWS_S + 1800;

impl Episode {
    /// What it does to the body, if anything.
    pub(super) fn event(&self) -> Option<Event> {
        let obstructed = |obstruction, lasting_s: u32| Event::Obstructed {
            obstruction,
            lasting_s: f64::from(lasting_s),
        };
        let raised = |to| Event::Raised(Raised::new(to, f64::from(RISE_S), f64::from(STANDS_S)));
        let lasts_s = self.until_s - self.from_s;
        Some(match self.what {
            EpisodeKind::Apnoea => obstructed(Obstruction::Apnoea, APNOEA_S),
            EpisodeKind::Obstruction => obstructed(Obstruction::Marked, OBSTRUCTED_S),
            EpisodeKind::MildObstruction => obstructed(Obstruction::Mild, MILDLY_OBSTRUCTED_S),
            EpisodeKind::Faint => Event::Vasovagal,
            EpisodeKind::Surge => {
                let (systolic, diastolic) = (Some(183.0), Some(113.0));
                raised(Aim { systolic, diastolic, heart_rate: None })
            }
            EpisodeKind::FastHeart => raised(Aim { heart_rate: Some(125.0), ..Aim::default() }),
            EpisodeKind::Agitation => {
                Event::Agitated { lasting_s: f64::from(lasts_s - AGITATION_FADES_S) }
            }
            EpisodeKind::Nausea => Event::Nauseated,
            EpisodeKind::Reaction => Event::Allergic { lasting_s: f64::from(REACTION_GROWS_S) },
            EpisodeKind::Given(medicine) => Event::Given(medicine),
            EpisodeKind::Motion => Event::Moves { lasting_s: f64::from(lasts_s) },
            EpisodeKind::Cold | EpisodeKind::ProbeOff | EpisodeKind::LinkDrop => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plans(order: impl Fn(u64) -> Order, many: u64) -> Vec<Plan> {
        (0..many)
            .map(|index| {
                let order = order(index);
                let mut draws = Draws::new(1, index);
                Plan::drawn(&order, &mut draws, &mut Draws::new(2, index))
            })
            .collect()
    }

    fn often(plans: &[Plan], what: EpisodeKind) -> f64 {
        let found = plans.iter().flat_map(|plan| &plan.episodes).filter(|b| b.what == what).count();
        found as f64 / plans.len() as f64
    }

    #[test]
    fn things_befall_at_the_rates_of_clinical_4_7() {
        let plans = plans(|index| Order::new(1, index), 20_000);
        let near = |what, expected: f64| {
            let found = often(&plans, what);
            let tolerance = 4.0 * libm::sqrt(expected / 20_000.0);
            assert!((found - expected).abs() < tolerance, "{what:?}: {found} for {expected}");
        };
        near(EpisodeKind::ProbeOff, 0.4);
        near(EpisodeKind::Motion, 2.0);
        near(EpisodeKind::LinkDrop, 0.1);
        near(EpisodeKind::Nausea, 0.15);
        near(EpisodeKind::Faint, 0.01);
        near(EpisodeKind::Agitation, 0.02);
        // Of 2 % who are restless half are calmed, and these desaturate three times as often.
        near(EpisodeKind::MildObstruction, 0.8 * 0.01 * 1.02);
        near(EpisodeKind::Obstruction, 0.2 * 0.01 * 1.02);
        assert!(often(&plans, EpisodeKind::Cold) > 0.06);
    }

    #[test]
    fn a_seeded_event_is_there_for_certain_and_moves_nothing_else() {
        for severe in Severe::ALL {
            let seeded = plans(|index| Order::new(1, index).with_severe(severe), 50);
            let plain = plans(|index| Order::new(1, index), 50);
            for (seeded, plain) in seeded.iter().zip(&plain) {
                let motion = |plan: &Plan| -> Vec<_> {
                    let all = plan.episodes.iter().copied();
                    all.filter(|episode| episode.what == EpisodeKind::Motion).collect()
                };
                assert_eq!(motion(seeded), motion(plain));
                assert!(seeded.episodes.len() > plain.episodes.len());
            }
        }
    }

    #[test]
    fn a_faint_at_the_needle_begins_with_it_and_puts_off_the_start() {
        let order = Order::new(1, 3).with_severe(Severe::FaintAtCannulation);
        let plan = &plans(|_| order, 1)[0];
        let faint = plan.episodes.iter().find(|episode| episode.what == EpisodeKind::Faint);
        assert!(faint.is_some_and(|faint| (120..180).contains(&faint.from_s)), "{faint:?}");
        assert_eq!((plan.needle_s, plan.start_s), (None, 1200));
    }
}
