//! Who may come in, and when somebody may no more.

use super::*;

fn login(number: usize, subject: &str, at: i64) -> TokenRow {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.to_le_bytes());
    TokenRow {
        hash,
        kind: TokenKind::Login,
        subject: subject.into(),
        role: None,
        created_at: Millis(at),
        expires_at: Some(Millis(1_000_000)),
        last_used: Some(Millis(at)),
        ended: false,
    }
}

fn kim(role: &str, active: bool) -> Upsert {
    Upsert::Staff(StaffRow {
        name: "kim".into(),
        initials: "KM".into(),
        role: role.into(),
        password_hash: "$argon2id$…".into(),
        pin_hash: None,
        active,
    })
}

#[tokio::test]
async fn each_way_to_end_a_right_ends_its_connections_with_a_reason() {
    let ways: [(&str, Upsert); 4] = [
        ("sign in again", Upsert::EndToken { hash: login(1, "kim", 0).hash }),
        ("sign in again", Upsert::EndTokens { kind: TokenKind::Login, subject: "kim".into() }),
        (DISABLED, kim("nurse", false)),
        (CHANGED, kim("lead", true)),
    ];
    for (why, way) in ways {
        let register = Register::default();
        register.apply(&kim("nurse", true));
        register.apply(&Upsert::Token(login(1, "kim", 0)));
        register.apply(&Upsert::Token(login(2, "other", 0)));
        let right = |number, name| {
            register.token(&login(number, name, 0).hash, Millis(1)).map(|(_, right)| right)
        };
        let (held, other) = (right(1, "kim").unwrap(), right(2, "other").unwrap());
        register.apply(&way);
        assert_eq!(held.ended().await, why, "{way:?}");
        assert!(!other.has_ended());
        // Who has another role is still signed in, and comes back with it.
        let now = right(1, "kim");
        assert_eq!(now.is_some_and(|right| !right.has_ended()), why == CHANGED);
    }
}

#[test]
fn the_same_person_again_ends_nothing() {
    let register = Register::default();
    register.apply(&kim("nurse", true));
    register.apply(&Upsert::Token(login(1, "kim", 0)));
    let (_, right) = register.token(&login(1, "kim", 0).hash, Millis(1)).unwrap();
    register.apply(&kim("nurse", true));
    register.apply(&Upsert::Token(login(1, "kim", 0)));
    assert!(!right.has_ended());
}

#[test]
fn a_person_with_too_many_logins_gives_way_to_themselves_alone_and_idle_ones_first() {
    let register = Register::default();
    register.apply(&Upsert::Token(login(0, "other", 0)));
    for number in 1..=MAX_LOGINS_OF_ONE {
        register.apply(&Upsert::Token(login(number, "wall", 10)));
    }
    let now = Millis(20);
    let is_there =
        |number| register.tokens(TokenKind::Login, now).contains(&login(number, "wall", 10));
    // Of the first there is a connection; the second alone was not used since.
    let _open = register.token(&login(1, "wall", 10).hash, Millis(11)).unwrap();
    for number in 3..=MAX_LOGINS_OF_ONE {
        let _ = register.token(&login(number, "wall", 10).hash, now);
    }
    register.apply(&Upsert::Token(login(9_999, "wall", 20)));
    assert!(is_there(1) && !is_there(2) && is_there(3));
    assert!(register.token(&login(0, "other", 0).hash, now).is_some());
    let hash = login(2, "wall", 10).hash;
    assert_eq!(register.owed(), [Upsert::EndToken { hash }], "the disk is told");
}

#[test]
fn logins_are_bounded_whoever_signs_in() {
    let register = Register::default();
    for number in 0..MAX_LOGINS + 100 {
        let subject = format!("person-{}", number % 64);
        register.apply(&Upsert::Token(login(number, &subject, 10)));
    }
    assert_eq!(register.tokens(TokenKind::Login, Millis(20)).len(), MAX_LOGINS);
}

#[test]
fn an_ended_token_stays_ended_as_long_as_that_is_remembered() {
    let register = Register::default();
    for number in 0..=ENDED {
        register.apply(&Upsert::Token(login(number, "kim", 0)));
        register.apply(&Upsert::EndToken { hash: login(number, "kim", 0).hash });
    }
    // Put into the queue before they ended, and so late.
    for number in 0..=ENDED {
        register.apply(&Upsert::Token(login(number, "kim", 0)));
    }
    let back = register.tokens(TokenKind::Login, Millis(1));
    assert_eq!(back, [login(0, "kim", 0)], "the one that ended first is forgotten");
}

#[test]
fn what_is_owed_to_a_full_disk_is_bounded_and_counts_in_memory_all_the_same() {
    let register = Register::default();
    for number in 0..=MAX_OWED {
        let given = Upsert::Token(login(number, &format!("person {number}"), 0));
        register.apply(&given);
        register.owe(&[given]);
    }
    assert_eq!(register.owed().len(), MAX_OWED);
    let last = login(MAX_OWED, &format!("person {MAX_OWED}"), 0);
    assert!(register.token(&last.hash, Millis(1)).is_some());
}

#[test]
fn what_the_queue_had_no_place_for_is_owed_with_its_line_in_the_audit_and_nothing_else() {
    let register = Register::default();
    let audit = Upsert::Audit(crate::store::AuditRow {
        at: Millis(1),
        who: "cli".into(),
        what: "disable staff".into(),
        detail: "kim".into(),
    });
    let heard = Upsert::DeviceHeard {
        device: crate::vitals::DeviceId::new("mon").unwrap(),
        adapter: "native".into(),
        at: Millis(1),
    };
    register.owe(&[heard.clone(), audit.clone()]);
    assert_eq!(register.owed(), []);
    register.owe(&[kim("nurse", false), heard, audit.clone()]);
    assert_eq!(register.owed(), [kim("nurse", false), audit]);
    assert_eq!(register.owed(), [], "handed over once");
}
