//! What happens to a session by chance, at the rates of clinical.md#rates. Pure.

use super::happening::Happening;
use crate::Draws;
use crate::control::Trouble;
use crate::monitors::Fault;

/// A session at these rates, with arrival and recovery.
const SESSION_S: f64 = 95.0 * 60.0;

/// What may happen, how often in a session (clinical.md#rates), and for how long, in seconds.
///
/// How long a probe is off and a network is down is this clinic's own choice.
const RATES: [(RandomEvent, f64, (f64, f64)); 7] = [
    (RandomEvent::Stays(Trouble::ProbeOff), 0.4, (20.0, 240.0)),
    (RandomEvent::Motion, 2.0, (5.0, 40.0)),
    (RandomEvent::Once(Trouble::CuffFails), 0.2, (0.0, 0.0)),
    (RandomEvent::Network, 0.1, (5.0, 120.0)),
    (RandomEvent::Once(Trouble::Surge), 0.01, (0.0, 0.0)),
    (RandomEvent::Once(Trouble::Desaturate), 0.01, (0.0, 0.0)),
    (RandomEvent::Once(Trouble::Agitation), 0.02, (0.0, 0.0)),
];
/// A needle goes in once, when the patient lies there for this long.
const FAINT: (f64, i64) = (0.01, 120);

#[derive(Debug, Clone, Copy)]
enum RandomEvent {
    Once(Trouble),
    Stays(Trouble),
    Motion,
    Network,
}

/// What happens by chance to a patient who arrives at this second, in order of time.
pub(super) fn befalls(arrived_s: i64, draws: &mut Draws) -> Vec<(i64, Happening)> {
    let mut happenings = Vec::new();
    for (befalls, rate, (shortest_s, longest_s)) in RATES {
        for _ in 0..count(rate, draws) {
            let at_s = arrived_s + draws.uniform(0.0, SESSION_S) as i64;
            let lasting_s = draws.uniform(shortest_s, longest_s) as i64;
            let until_s = at_s + lasting_s;
            match befalls {
                RandomEvent::Once(trouble) => {
                    happenings.push((at_s, Happening::Trouble(trouble, true)))
                }
                RandomEvent::Stays(trouble) => {
                    happenings.push((at_s, Happening::Trouble(trouble, true)));
                    happenings.push((until_s, Happening::Trouble(trouble, false)));
                }
                RandomEvent::Motion => happenings.push((at_s, Happening::Motion { lasting_s })),
                RandomEvent::Network => {
                    happenings.push((at_s, Happening::Fault(Fault::Disconnect, true)));
                    happenings.push((until_s, Happening::Fault(Fault::Disconnect, false)));
                }
            }
        }
    }
    let (rate, after_s) = FAINT;
    if draws.uniform(0.0, 1.0) < rate {
        happenings.push((arrived_s + after_s, Happening::Trouble(Trouble::Faint, true)));
    }
    happenings.sort_by_key(|(at_s, _)| *at_s);
    happenings
}

/// How often something happens that is equally likely at any time: Poisson's law.
fn count(rate: f64, draws: &mut Draws) -> u32 {
    let none = libm::exp(-rate);
    let mut left = draws.uniform(0.0, 1.0);
    let mut count = 0;
    while left > none {
        left *= draws.uniform(0.0, 1.0);
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often each thing begins in a session, over many.
    fn rate(is_it: impl Fn(&Happening) -> bool) -> f64 {
        const SESSIONS: u64 = 5_000;
        let begun = |seed| {
            let befalls = befalls(0, &mut Draws::new(seed, 1));
            befalls.iter().filter(|(_, happening)| is_it(happening)).count()
        };
        (0..SESSIONS).map(begun).sum::<usize>() as f64 / SESSIONS as f64
    }

    fn is(trouble: Trouble) -> impl Fn(&Happening) -> bool {
        move |happening| *happening == Happening::Trouble(trouble, true)
    }

    #[test]
    fn the_rates_are_those_of_clinical_4_7() {
        let within = |found: f64, expected: f64| {
            let error = 4.0 * libm::sqrt(expected / 5_000.0);
            assert!((found - expected).abs() < error, "{found} for {expected}");
        };
        within(rate(is(Trouble::ProbeOff)), 0.4);
        within(rate(|happening| matches!(happening, Happening::Motion { .. })), 2.0);
        within(rate(is(Trouble::CuffFails)), 0.2);
        within(rate(|happening| *happening == Happening::Fault(Fault::Disconnect, true)), 0.1);
        within(rate(is(Trouble::Surge)), 0.01);
        within(rate(is(Trouble::Faint)), 0.01);
        within(rate(is(Trouble::Desaturate)), 0.01);
        within(rate(is(Trouble::Agitation)), 0.02);
    }

    #[test]
    fn the_same_seed_brings_the_same_and_in_the_order_of_time() {
        for seed in 0..100 {
            let of = |seed| befalls(-1_000, &mut Draws::new(seed, 1));
            assert_eq!(of(seed), of(seed));
            assert!(of(seed).is_sorted_by_key(|(at_s, _)| *at_s));
            assert!(of(seed).iter().all(|(at_s, _)| (-1_000..5_000).contains(at_s)));
        }
    }
}
