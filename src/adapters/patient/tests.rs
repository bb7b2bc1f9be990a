use super::*;
use proptest::prelude::*;

/// `number@name&universal`.
fn ids(text: &str) -> PatientIds {
    let one = |text: &str| {
        let (number, authority) = text.split_once('@').unwrap_or((text, ""));
        let (name, universal) = authority.split_once('&').unwrap_or((authority, ""));
        PatientId { number: digest(number), authority: Authority::of(name, universal) }
    };
    text.split_whitespace().map(one).collect()
}

#[test]
fn sets_that_share_an_id_are_the_same_patient() {
    for (a, b, same) in [
        ("1@H 2@C", "2@C 1@H", true),
        ("1@H 2@C", "2@C", true),
        ("1@H 2@C", "2@C 3@N", true),
        ("1@H", "1", true),
        ("1", "1@H", true),
        ("1@H", "1@h", true),
        ("1@H", "1@C", false),
        ("1@H", "2@H", false),
        ("1@H&1.2.3", "1@HOSP&1.2.3", true),
        ("1@H&1.2.3", "1@H&9.9", false),
        ("1@H&1.2.3", "1@H", true),
        ("1@&1.2.3", "1@H", false),
        ("1@H 2@C", "1@C 2@H", false),
        ("", "1", false),
    ] {
        assert_eq!(ids(a).share_one(&ids(b)), same, "{a} and {b}");
    }
}

#[test]
fn a_number_without_authority_does_not_make_two_patients_one() {
    let mut known = ids("1@H");
    known.add_all(&ids("1"));
    assert!(!known.share_one(&ids("1@C")));
    let mut known = ids("1");
    known.add_all(&ids("1@H"));
    assert!(!known.share_one(&ids("1@C")), "the authority came later");
}

#[test]
fn what_is_kept_of_a_patient_is_bounded() {
    let mut known = PatientIds::default();
    for n in 0..1_000 {
        known.add_all(&ids(&format!("{n}@H")));
    }
    assert_eq!(known.0.len(), MAX_IDS);
    assert!(known.share_one(&ids("999@H")) && !known.share_one(&ids("0@H")));
}

proptest! {
    #[test]
    fn order_and_leaving_some_out_never_make_another_patient(
        numbers in prop::collection::btree_set(0u8..40, 1..MAX_IDS),
        shuffle in any::<u64>(), left in 1usize..MAX_IDS,
    ) {
        let all: Vec<String> = numbers.iter().map(|n| format!("{n}@A{}", n % 3)).collect();
        let mut some = all.clone();
        some.rotate_left((shuffle as usize) % all.len());
        some.truncate(left);
        prop_assert!(ids(&all.join(" ")).share_one(&ids(&some.join(" "))));
        prop_assert!(ids(&some.join(" ")).share_one(&ids(&all.join(" "))));
    }
}
