use super::*;

fn range(text: &str) -> AddressRange {
    text.parse().unwrap()
}

fn holds(range_text: &str, address: &str) -> bool {
    range(range_text).contains(address.parse().unwrap())
}

#[test]
fn a_range_holds_the_addresses_that_share_its_prefix() {
    assert!(holds("10.20.0.0/16", "10.20.255.255"));
    assert!(!holds("10.20.0.0/16", "10.21.0.0"));
    assert!(holds("10.20.0.128/25", "10.20.0.128"));
    assert!(!holds("10.20.0.128/25", "10.20.0.127"));
    assert!(holds("fd00:1::/32", "fd00:1:ffff::1"));
    assert!(!holds("fd00:1::/32", "fd00:2::1"));
}

#[test]
fn a_lone_address_is_a_range_of_one() {
    assert!(holds("10.20.0.7", "10.20.0.7"));
    assert!(!holds("10.20.0.7", "10.20.0.6"));
    assert!(holds("::1", "::1"));
    assert!(!holds("::1", "::2"));
}

#[test]
fn no_bits_hold_every_address_of_the_family_and_none_of_the_other() {
    assert!(holds("0.0.0.0/0", "203.0.113.9"));
    assert!(!holds("0.0.0.0/0", "fd00::1"));
    assert!(holds("::/0", "fd00::1"));
    assert!(!holds("::/0", "203.0.113.9"));
    assert!(!holds("::/0", "::ffff:203.0.113.9"));
}

#[test]
fn an_ipv4_address_mapped_into_ipv6_is_the_ipv4_address() {
    assert!(holds("127.0.0.0/8", "::ffff:127.0.0.1"));
    assert!(!holds("127.0.0.0/8", "::ffff:10.0.0.1"));
    assert!(holds("::ffff:10.0.0.0/104", "10.255.0.1"));
    assert_eq!(range("::ffff:10.0.0.0/104"), range("10.0.0.0/8"));
}

#[test]
fn a_range_wider_than_its_address_reads_is_refused_rather_than_guessed() {
    let fault = "10.20.0.7/16".parse::<AddressRange>().unwrap_err();
    assert_eq!(
        fault.remedy,
        r#"write "10.20.0.0/16" for the whole range or "10.20.0.7" for the one address"#
    );
}

#[test]
fn what_is_not_a_range_is_refused() {
    for bad in ["", "/8", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/+8"] {
        assert!(bad.parse::<AddressRange>().is_err(), "{bad}");
    }
}

#[test]
fn a_range_reads_back_as_it_is_written() {
    for text in ["10.20.0.0/16", "::1/128", "0.0.0.0/0", "fd00:1::/32"] {
        assert_eq!(range(text).to_string(), text);
    }
}
