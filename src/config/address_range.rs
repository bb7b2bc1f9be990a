use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::Fault;
use super::problem::quoted;

/// A block of IP addresses in CIDR form, `10.0.0.0/8`; a lone address is a block of one.
///
/// An IPv4 address that arrives mapped into IPv6 (`::ffff:10.0.0.7`, as a dual-stack socket
/// reports it) is the IPv4 address. IPv6 ranges, `::/0` included, hold no IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressRange {
    /// The lowest address: no bit is set beyond the prefix.
    base: IpAddr,
    /// Leading bits that count; at most 32 or 128.
    prefix: u8,
}

impl AddressRange {
    /// Whether the address is in the range.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        masked(address.to_canonical(), self.prefix) == self.base
    }

    /// The loopback addresses of the same family.
    #[must_use]
    pub fn loopback_of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(_) => Self { base: Ipv4Addr::new(127, 0, 0, 0).into(), prefix: 8 },
            IpAddr::V6(_) => Self { base: Ipv6Addr::LOCALHOST.into(), prefix: 128 },
        }
    }
}

/// The address with the bits beyond `prefix` cleared. A prefix as long as the address, or
/// longer, leaves it whole.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let beyond = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
            Ipv4Addr::from_bits(v4.to_bits() & !beyond).into()
        }
        IpAddr::V6(v6) => {
            let beyond = u128::MAX.checked_shr(prefix.into()).unwrap_or(0);
            Ipv6Addr::from_bits(v6.to_bits() & !beyond).into()
        }
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl FromStr for AddressRange {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let not_a_range = |text| {
            Fault::new(
                format!("{} is not an address range", quoted(text)),
                r#"write an address and how many of its bits count, as in "10.20.0.0/16", or one address, as in "10.20.0.7""#,
            )
        };
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| not_a_range(text))?;
        let prefix = match prefix {
            None => bits(address),
            Some(prefix) if prefix.bytes().all(|b| b.is_ascii_digit()) => prefix
                .parse()
                .ok()
                .filter(|prefix| *prefix <= bits(address))
                .ok_or_else(|| not_a_range(text))?,
            Some(_) => return Err(not_a_range(text)),
        };
        let base = masked(address, prefix);
        if base != address {
            return Err(Fault::new(
                format!("{} counts fewer bits than its address has", quoted(text)),
                format!(
                    r#"write "{base}/{prefix}" for the whole range or "{address}" for the one address"#
                ),
            ));
        }
        // 96 bits lead a mapped address; a shorter prefix spans more than the mapped ones.
        Ok(match base.to_canonical() {
            canonical @ IpAddr::V4(_) if base.is_ipv6() && prefix >= 96 => {
                Self { base: canonical, prefix: prefix - 96 }
            }
            _ => Self { base, prefix },
        })
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

#[cfg(test)]
mod tests {
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
}
