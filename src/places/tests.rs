use super::seats::MAX_NAMES;
use super::*;

const BOUNDS: Bounds =
    Bounds { total: 4, of_an_address: 2, of_loopback: 4, kept_for_known: 0, last_after_ms: 60_000 };

fn address(last: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, last])
}

fn take(places: &Places, last: u8, at: i64) -> Option<Place> {
    places.take(address(last), Millis(at))
}

#[test]
fn the_one_that_has_been_silent_longest_gives_way() {
    let places = Places::new(BOUNDS);
    let [a, b, c, d] = [1, 2, 3, 4].map(|n| take(&places, n, i64::from(n)).unwrap());
    a.heard(GivesWay::First, Millis(10));
    let e = take(&places, 5, 11).unwrap();
    assert!(b.leave.is_cancelled());
    assert_eq!(places.taken(), 4);
    c.gives_way(GivesWay::Never);
    d.gives_way(GivesWay::Next);
    let f = take(&places, 6, 12).unwrap();
    assert!(a.leave.is_cancelled(), "one that gives way first goes before one that is older");
    drop((b, a));
    e.gives_way(GivesWay::Never);
    f.gives_way(GivesWay::Never);
    let g = take(&places, 7, 13).unwrap();
    assert!(d.leave.is_cancelled());
    g.gives_way(GivesWay::Never);
    assert!(take(&places, 8, 14).is_none(), "nobody gives way");
    drop(g);
    assert!(take(&places, 8, 15).is_some());
}

#[test]
fn one_that_spoke_gives_way_only_after_a_long_silence() {
    let places = Places::new(Bounds { total: 1, ..BOUNDS });
    let a = take(&places, 1, 0).unwrap();
    a.spoke([1; 16], Millis(0));
    assert!(take(&places, 2, 59_999).is_none());
    let _b = take(&places, 2, 60_000).unwrap();
    assert!(a.leave.is_cancelled());
}

#[test]
fn an_address_has_its_share_and_gives_way_to_itself() {
    let places = Places::new(BOUNDS);
    let first = take(&places, 1, 0).unwrap();
    let _second = take(&places, 1, 1).unwrap();
    let _third = take(&places, 1, 2).unwrap();
    assert!(first.leave.is_cancelled());
    assert_eq!(places.taken(), 2);
    let loopback: Vec<_> =
        (0..4).map(|at| places.take(IpAddr::from([127, 0, 0, 1]), Millis(at))).collect();
    assert!(loopback.iter().all(Option::is_some));
}

#[test]
fn who_is_signed_in_is_not_in_the_share_of_their_address() {
    let places = Places::new(Bounds { total: 6, ..BOUNDS });
    let signed_in = [0, 1, 2].map(|at| {
        let place = take(&places, 1, at).unwrap();
        place.signed_in();
        place.signed_in();
        place.gives_way(GivesWay::Never);
        place
    });
    assert_eq!(places.taken(), 3);
    let strangers = [3, 4, 5].map(|at| take(&places, 1, at).unwrap());
    assert!(strangers[0].leave.is_cancelled(), "who is not has the share, as before");
    assert_eq!(places.taken(), 5);
    drop((signed_in, strangers));
    assert!(places.lock().of.is_empty());
}

#[test]
fn a_connection_that_was_left_behind_by_all_of_its_names_gives_way_at_once() {
    let places = Places::new(Bounds { total: 2, ..BOUNDS });
    let old = take(&places, 1, 0).unwrap();
    old.spoke([1; 16], Millis(0));
    old.spoke([2; 16], Millis(0));
    let new = take(&places, 2, 1).unwrap();
    new.spoke([1; 16], Millis(1));
    assert!(take(&places, 3, 2).is_none(), "one of its names has no other");
    new.spoke([2; 16], Millis(2));
    let _other = take(&places, 3, 3).unwrap();
    assert!(old.leave.is_cancelled() && !new.leave.is_cancelled());
}

#[test]
fn a_connection_of_more_monitors_than_are_followed_never_counts_as_left_behind() {
    for (monitors, is_left) in [(MAX_NAMES - 1, true), (MAX_NAMES, false)] {
        let places = Places::new(Bounds { total: 2, ..BOUNDS });
        let [old, new] = [1, 2].map(|n| take(&places, n, 0).unwrap());
        for place in [&old, &new] {
            (0..monitors as u128).for_each(|n| place.spoke(n.to_be_bytes(), Millis(0)));
        }
        assert_eq!(take(&places, 3, 1).is_some(), is_left, "{monitors} monitors");
        assert_eq!(old.leave.is_cancelled(), is_left);
    }
}

#[test]
fn places_are_kept_for_addresses_that_are_known() {
    let places = Places::new(Bounds { total: 3, kept_for_known: 1, ..BOUNDS });
    let known = take(&places, 1, 0).unwrap();
    known.spoke([1; 16], Millis(0));
    drop(known);
    let strangers = [2, 3].map(|n| take(&places, n, 0).unwrap());
    strangers.iter().for_each(|stranger| stranger.gives_way(GivesWay::Never));
    assert!(take(&places, 4, 1).is_none());
    assert!(take(&places, 1, 1).is_some());
}

#[test]
fn what_is_remembered_is_bounded_and_what_left_leaves_nothing_behind() {
    let places = Places::new(BOUNDS);
    for n in 0..10_000_u32 {
        let place = places.take(IpAddr::from(n.to_be_bytes()), Millis(0)).unwrap();
        place.spoke(u128::from(n).to_be_bytes(), Millis(0));
    }
    let inner = places.lock();
    assert_eq!((inner.known.len(), inner.known_in_order.len()), (MAX_KNOWN, MAX_KNOWN));
    assert!(inner.seats.is_empty() && inner.in_order.is_empty() && inner.of.is_empty());
    assert!(inner.names.is_empty() && inner.unknown == 0);
}

#[test]
fn fewer_places_keep_their_proportions_where_they_can() {
    let few = BOUNDS.at_most(2);
    assert_eq!((few.total, few.of_loopback, few.of_an_address), (2, 2, 2));
    assert_eq!(BOUNDS.at_most(1_000), BOUNDS);
}
