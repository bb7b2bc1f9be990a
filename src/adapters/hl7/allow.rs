//! Who may connect.

use std::net::IpAddr;
use std::str::FromStr;

/// A range of addresses, written `10.1.0.0/16`, `fe80::/10` or as one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    base: IpAddr,
    prefix_bits: u8,
}

/// The text is not a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a range of addresses: write it like \"10.1.0.0/16\"")]
pub struct InvalidRange(String);

impl AddressRange {
    /// Whether the range holds `address`. An IPv4 address written as IPv6 is the IPv4 one.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let (base, width) = bits(self.base);
        let (other, other_width) = bits(address.to_canonical());
        let free = u32::from(width.saturating_sub(self.prefix_bits));
        let shifted = |n: u128| n.checked_shr(free).unwrap_or(0);
        width == other_width && shifted(base) == shifted(other)
    }
}

fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

impl FromStr for AddressRange {
    type Err = InvalidRange;

    fn from_str(text: &str) -> Result<Self, InvalidRange> {
        let refused = || InvalidRange(text.chars().take(64).collect());
        let (base, prefix) = match text.split_once('/') {
            Some((base, prefix)) => (base, Some(prefix)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| refused())?;
        let base = base.to_canonical();
        let width = bits(base).1;
        let prefix_bits = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| refused())?,
            None => width,
        };
        if prefix_bits > width {
            return Err(refused());
        }
        Ok(Self { base, prefix_bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_no_others() {
        for (range, inside, outside) in [
            ("127.0.0.0/8", "127.9.9.9", "128.0.0.1"),
            ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("10.1.2.3/32", "::ffff:10.1.2.3", "::a01:203"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("fd00::/8", "fd12::1", "fe80::1"),
            ("::/0", "fe80::1", "10.0.0.1"),
        ] {
            let parsed: AddressRange = range.parse().unwrap();
            assert!(parsed.holds(inside.parse().unwrap()), "{range} {inside}");
            assert!(!parsed.holds(outside.parse().unwrap()), "{range} {outside}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused_with_an_example() {
        for text in ["", "10.0.0.0/33", "ward", "10.0.0/8", "10.0.0.0/x"] {
            let refusal = text.parse::<AddressRange>().unwrap_err().to_string();
            assert!(refusal.contains("10.1.0.0/16"), "{refusal}");
        }
    }
}
