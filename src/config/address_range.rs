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
    /// How many leading bits count; at most 32 or 128.
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
                format!("{} has address bits beyond its prefix", quoted(text)),
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
mod tests;
