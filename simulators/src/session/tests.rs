use super::*;
use crate::patient::SprayDose;

fn all(order: Order) -> Vec<Second> {
    Session::new(order).collect()
}

fn when(seconds: &[Second], of: impl Fn(&Second) -> bool) -> Option<u32> {
    seconds.iter().find(|second| of(second)).map(|second| second.at_s)
}

fn acted(action: StaffAction) -> impl Fn(&Second) -> bool {
    move |second| second.action == Some(action)
}

/// (second, reading) of all that arrived.
fn readings(seconds: &[Second]) -> Vec<(u32, Nibp)> {
    let of = |second: &Second| match second.readout?.cuff {
        CuffActivity::Done(nibp) => Some((second.at_s, nibp)),
        _ => None,
    };
    seconds.iter().filter_map(of).collect()
}

#[test]
fn the_same_order_gives_the_same_items_and_another_index_others() {
    let order = Order::new(5, 9);
    assert!(all(order) == all(order));
    assert!(all(order) != all(Order::new(5, 10)));
    assert!(all(order) != all(Order::new(6, 9)));
}

#[test]
fn a_session_is_told_in_5700_seconds_of_which_the_drug_runs_2400() {
    for index in 0..40 {
        let seconds = all(Order::new(1, index));
        assert_eq!(seconds.len(), 5700);
        assert!(seconds.iter().zip(1..).all(|(second, at_s)| second.at_s == at_s));
        let accepted_s = when(&seconds, acted(StaffAction::AcceptBaseline)).expect("a baseline");
        let start_s = when(&seconds, acted(StaffAction::Start)).expect("a start");
        let stop_s = when(&seconds, acted(StaffAction::Stop)).expect("a stop");
        assert!(accepted_s < start_s && start_s >= 600, "{index}: {start_s}");
        assert_eq!(stop_s - start_s, 2400);
        assert_eq!(seconds[5699].action, Some(StaffAction::Discharge));
    }
}

#[test]
fn the_cuff_goes_round_each_5_min_while_infusing_and_each_10_min_then() {
    // A session in which no reading fails.
    let seconds = all(Order::new(1, 4));
    let start_s = when(&seconds, acted(StaffAction::Start)).expect("a start");
    let minutes: Vec<_> = readings(&seconds)
        .iter()
        .filter(|(at_s, _)| *at_s > start_s)
        .map(|(at_s, _)| (at_s - start_s) / 60)
        .collect();
    assert_eq!(minutes, [5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 70, 80]);
    let before = readings(&seconds).iter().filter(|(at_s, _)| *at_s < start_s).count();
    assert_eq!(before, 3);
}

#[test]
fn a_reading_that_is_wanted_is_there_60_to_90_s_later_and_only_once() {
    let (mut in_time, mut asked) = (0, 0);
    for index in 0..60 {
        let mut session = Session::new(Order::new(1, index));
        // 12 min after an ordinary start: no reading of the round is near.
        let began = session.by_ref().find(|second| second.at_s == 1320).is_some();
        session.reading_wanted();
        session.reading_wanted();
        let rest: Vec<_> = session.take(170).collect();
        asked += u32::from(began);
        let found = readings(&rest);
        let is_in_time = found.first().is_some_and(|(at_s, _)| (1380..=1412).contains(at_s));
        in_time += u32::from(is_in_time && found.len() == 1);
    }
    // The rest failed, was tried twice, or fell into a round that was put off by a faint.
    assert!(asked == 60 && in_time >= 54, "{in_time} of {asked}");
}

#[test]
fn an_alert_is_taken_once_after_a_while_and_sooner_when_it_is_urgent() {
    let taken_after_s = |index, priority| {
        let mut session = Session::new(Order::new(1, index));
        session.by_ref().find(|second| second.at_s == 1300);
        session.alert_raised(7, priority);
        let rest: Vec<_> = session.collect();
        let taken = rest.iter().filter(|s| acted(StaffAction::Acknowledge { alert: 7 })(s));
        assert_eq!(taken.count(), 1);
        when(&rest, acted(StaffAction::Acknowledge { alert: 7 })).map_or(0, |at_s| at_s - 1300)
    };
    for index in 0..20 {
        assert!((8..=41).contains(&taken_after_s(index, Priority::High)));
        assert!((20..=151).contains(&taken_after_s(index, Priority::Medium)));
        assert!((40..=241).contains(&taken_after_s(index, Priority::Low)));
    }
}

#[test]
fn a_thousand_alerts_are_not_all_kept_in_mind() {
    let mut session = Session::new(Order::new(1, 1));
    session.by_ref().find(|second| second.at_s == 1300);
    (0..1000).for_each(|alert| session.alert_raised(alert, Priority::Low));
    let taken = session.filter(|s| matches!(s.action, Some(StaffAction::Acknowledge { .. })));
    assert_eq!(taken.count(), 16);
}

#[test]
fn patients_who_would_be_held_are_drawn_again_or_marked() {
    let (mut held, mut drawn_again) = (0, 0);
    for index in 0..200 {
        let marked = Session::new(Order { keeps_held: true, ..Order::new(1, index) });
        held += u32::from(marked.is_held());
        assert_eq!(marked.drawn_before(), 0);
        let again = Session::new(Order::new(1, index));
        assert!(!again.is_held());
        drawn_again += u32::from(again.drawn_before() > 0);
        let seconds: Vec<_> = again.collect();
        let start_s = when(&seconds, acted(StaffAction::Start)).expect("a start");
        let before = readings(&seconds).into_iter().filter(|(at_s, _)| *at_s < start_s);
        assert!(before.into_iter().all(|(_, nibp)| nibp.systolic <= 140 && nibp.diastolic <= 90));
    }
    assert_eq!(held, drawn_again);
    assert!((40..=80).contains(&held), "{held} of 200");
}

/// The seconds of a seeded event in each of so many sessions, and whether it was told of.
fn seeded(severe: Severe, many: u64) -> Vec<(Episode, Vec<Second>)> {
    (0..many)
        .map(|index| {
            let session = Session::new(Order::new(1, index).with_severe(severe));
            let event = session.episodes().iter().find(|episode| episode.is_seeded).copied();
            let event = event.expect("it was ordered");
            let seconds: Vec<_> = session.collect();
            let told = seconds.iter().filter(|second| second.episode == Some(event)).count();
            assert_eq!(told as u32, event.until_s - event.from_s, "{severe:?} {index}");
            let from = event.from_s as usize - 1;
            let on = seconds[from..event.until_s as usize - 1].to_vec();
            (event, on)
        })
        .collect()
}

fn lowest(seconds: &[Second], of: impl Fn(&Truth) -> f64) -> f64 {
    seconds.iter().map(|second| of(&second.truth)).fold(f64::INFINITY, f64::min)
}

#[test]
fn apnoea_takes_a_patient_below_78_and_an_obstruction_below_90() {
    for (_, seconds) in seeded(Severe::Apnoea, 20) {
        assert!(lowest(&seconds, |truth| truth.spo2) < 78.0);
    }
    for (_, seconds) in seeded(Severe::Obstruction, 20) {
        let lowest = lowest(&seconds, |truth| truth.spo2);
        assert!((79.0..91.0).contains(&lowest), "{lowest}");
    }
}

#[test]
fn a_faint_takes_45_mmhg_and_34_beats_at_the_needle_and_in_the_infusion() {
    for severe in [Severe::FaintAtCannulation, Severe::Faint] {
        for (event, seconds) in seeded(severe, 20) {
            let first = seconds[0].truth;
            let fall = first.systolic - lowest(&seconds[..200], |truth| truth.systolic);
            assert!((30.0..75.0).contains(&fall), "{severe:?}: {fall}");
            let slowing = first.heart_rate - lowest(&seconds[..200], |truth| truth.heart_rate);
            assert!((22.0..65.0).contains(&slowing), "{severe:?}: {slowing}");
            assert_eq!(event.from_s < 600, severe == Severe::FaintAtCannulation);
        }
    }
}

#[test]
fn a_surge_stands_at_183_113_and_a_fast_heart_at_125_for_10_min() {
    let mean = |seconds: &[Second], of: fn(&Truth) -> f64| {
        seconds.iter().map(|second| of(&second.truth)).sum::<f64>() / seconds.len() as f64
    };
    // Beats go round the level: the mean of ten minutes by one or two.
    let surges = seeded(Severe::Surge, 40);
    for (event, seconds) in &surges {
        assert_eq!(event.until_s - event.from_s, 660);
        // After the minute in which it rises.
        assert!(mean(&seconds[60..], |truth| truth.systolic) > 177.0);
        assert!(mean(&seconds[60..], |truth| truth.diastolic) > 109.0);
    }
    let all: Vec<_> = surges.iter().flat_map(|(_, seconds)| &seconds[60..]).copied().collect();
    assert!(mean(&all, |truth| truth.systolic) >= 182.5);
    assert!(mean(&all, |truth| truth.diastolic) >= 112.5);
    for (_, seconds) in seeded(Severe::FastHeart, 20) {
        let found = mean(&seconds[60..], |truth| truth.heart_rate);
        assert!((122.0..150.0).contains(&found), "{found}");
    }
}

#[test]
fn a_faint_at_the_needle_puts_off_the_start_and_the_baseline_is_that_of_one_who_is_well() {
    for index in 0..10 {
        let order = Order::new(1, index).with_severe(Severe::FaintAtCannulation);
        let mut session = Session::new(order);
        let start_s = session.by_ref().find(acted(StaffAction::Start)).map(|second| second.at_s);
        assert!(start_s.is_some_and(|start_s| (1200..1520).contains(&start_s)), "{start_s:?}");
        assert!(session.baseline().is_some_and(|nibp| nibp.systolic >= 90));
        assert_eq!(session.last().map(|second| second.at_s), Some(5700));
    }
}

#[test]
fn while_the_link_is_down_nothing_arrives_and_no_signal_is_good() {
    let (mut drops, mut silent_s) = (0, 0);
    for index in 0..60 {
        let session = Session::new(Order::new(2, index));
        let is_drop = |episode: &&Episode| episode.what == EpisodeKind::LinkDrop;
        let down: Vec<_> = session.episodes().iter().filter(is_drop).copied().collect();
        drops += down.len();
        for second in session {
            let is_down = down.iter().any(|drop| drop.is_on(second.at_s));
            assert_eq!(second.readout.is_none(), is_down);
            assert!(!(is_down && second.has_good_signal));
            silent_s += u32::from(is_down);
        }
    }
    assert!(drops > 0 && silent_s > 0);
}

#[test]
fn a_probe_that_slips_is_put_back_by_staff_within_90_s() {
    let mut off = 0;
    for index in 0..40 {
        let session = Session::new(Order::new(3, index));
        let is_off = |episode: &&Episode| episode.what == EpisodeKind::ProbeOff;
        let slips: Vec<_> = session.episodes().iter().filter(is_off).copied().collect();
        let seconds: Vec<_> = session.collect();
        for slip in slips.iter().filter(|slip| slip.until_s + 30 < 5700) {
            off += 1;
            assert!((20..=91).contains(&(slip.until_s - slip.from_s)));
            let during = &seconds[slip.from_s as usize - 1..slip.until_s as usize - 1];
            assert!(during.iter().all(|second| !second.has_good_signal));
        }
    }
    assert!(off > 5, "{off}");
}

#[test]
fn esketamine_is_sprayed_5_min_apart_and_peaks_40_min_later_without_a_pump() {
    let order = Order::new(1, 2).with_treatment(Treatment::Esketamine(SprayDose::Mg84));
    let seconds = all(order);
    let sprays: Vec<_> =
        (1..=4).map(|device| when(&seconds, acted(StaffAction::Spray { device }))).collect();
    let start_s = when(&seconds, acted(StaffAction::Start)).expect("a start");
    assert_eq!(sprays, [Some(start_s + 1), Some(start_s + 300), Some(start_s + 600), None]);
    assert_eq!(seconds.len(), 7800);
    let mut session = Session::new(order);
    session.by_ref().find(|second| second.at_s == start_s + 2400);
    assert!(session.patient().dissociation() > 1.0);
}

#[test]
fn esketamine_raises_less_than_ketamine() {
    let mean_rise = |treatment| {
        let rise = |index| {
            let seconds = all(Order::new(1, index).with_treatment(treatment));
            let start_s = when(&seconds, acted(StaffAction::Start)).expect("a start") as usize;
            let mean = |from: usize| {
                let minutes = &seconds[from..from + 240];
                minutes.iter().map(|second| second.truth.systolic).sum::<f64>() / 240.0
            };
            mean(start_s + 2280) - mean(start_s - 240)
        };
        (0..100).map(rise).sum::<f64>() / 100.0
    };
    // clinical.md#esketamine: +7 to +9 at 40 min, and clinical.md#pressor-effect: +12.6 to +16; the
    // white coat goes meanwhile.
    let sprayed = mean_rise(Treatment::Esketamine(SprayDose::Mg56));
    assert!((5.0..10.0).contains(&sprayed), "{sprayed}");
    let infused = mean_rise(Treatment::Ketamine);
    assert!((11.0..17.0).contains(&infused), "{infused}");
}

#[test]
fn infliximab_drives_nothing_and_some_react() {
    let order = |index| Order::new(1, index).with_treatment(Treatment::Infliximab);
    let reacts =
        |session: &Session| session.episodes().iter().any(|b| b.what == EpisodeKind::Reaction);
    let index = (0..500).find(|index| reacts(&Session::new(order(*index)))).expect("2 % react");
    let session = Session::new(order(index));
    let reaction =
        *session.episodes().iter().find(|b| b.what == EpisodeKind::Reaction).expect("it does");
    let seconds: Vec<_> = session.collect();
    assert_eq!(seconds.len(), 600 + 7200 + 3600);
    let mean = |at_s: u32| {
        let minute = &seconds[at_s as usize - 60..at_s as usize];
        minute.iter().map(|second| second.truth.systolic).sum::<f64>() / 60.0
    };
    let fall = mean(reaction.from_s) - mean(reaction.from_s + 1200);
    assert!((20.0..40.0).contains(&fall), "{fall}");
}

#[test]
fn cuffs_fail_in_a_fifth_of_the_sessions() {
    // clinical.md#rates: 0.2 a session.
    let failed = |index| {
        let seconds = Session::new(Order::new(1, index));
        let cuffs = seconds.filter_map(|second| second.readout);
        cuffs.filter(|said| said.cuff == CuffActivity::Failed).count()
    };
    let found = (0..400).map(failed).sum::<usize>() as f64 / 400.0;
    assert!((0.12..0.30).contains(&found), "{found}");
}

#[test]
fn a_cuff_above_the_clip_hides_the_pulse_whenever_it_is_inflated() {
    let same_arm = Order { is_on_same_arm: true, ..Order::new(1, 4) };
    let hidden_s = |order| {
        let no_pulse = Oximetry::Absent(crate::instruments::SensorStatus::NoPulse);
        let seconds = Session::new(order).filter_map(|second| second.readout);
        seconds.filter(|said| said.oximetry == no_pulse).count()
    };
    assert_eq!(hidden_s(Order::new(1, 4)), 0);
    // 15 readings, each for about 30 s of which 7 in 10.
    assert!((220..420).contains(&hidden_s(same_arm)), "{}", hidden_s(same_arm));
}

/// A digest of all that a session tells, to the last bit.
fn digest(order: Order) -> u64 {
    let mix = |digest: u64, bits: u64| (digest ^ bits).wrapping_mul(0x0100_0000_01b3);
    Session::new(order).fold(0xcbf2_9ce4_8422_2325, |digest, second| {
        let Truth { systolic, diastolic, heart_rate, spo2, .. } = second.truth;
        let truth = [systolic, diastolic, heart_rate, spo2].map(f64::to_bits);
        let told = match second.readout {
            Some(Readout { oximetry: Oximetry::Value { spo2, pulse_rate, .. }, .. }) => {
                u64::from(spo2) << 32 | u64::from(pulse_rate)
            }
            Some(_) => 1,
            None => 2,
        };
        truth.into_iter().chain([told]).fold(digest, mix)
    })
}

#[test]
fn a_session_is_the_same_to_the_last_bit_on_every_machine() {
    // Another value here is right only when the model was meant to change.
    assert_eq!(digest(Order::new(1, 1).with_severe(Severe::Faint)), 8_035_086_364_245_678_487);
}
