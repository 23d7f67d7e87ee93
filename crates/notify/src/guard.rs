//! Where a webhook may not go: into the platform's own house.
//!
//! Whoever may enter a receiver's address could otherwise make the platform talk to its neighbours: the database, the
//! cloud's metadata at 169.254.169.254, a router. What counts is the address that is connected to, never the name.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn v4(a: u8, b: u8, c: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// The networks of IPv4 that are not the public one (IANA's special-purpose registry).
const FORBIDDEN_V4: &[(Ipv4Net, &str)] = &[
    (v4(0, 0, 0, 8), "an unspecified address"),
    (v4(10, 0, 0, 8), "a private network"),
    (v4(100, 64, 0, 10), "a carrier's inner network"),
    (v4(127, 0, 0, 8), "this machine itself"),
    (v4(169, 254, 0, 16), "a link-local address"),
    (v4(172, 16, 0, 12), "a private network"),
    (v4(192, 0, 0, 24), "a reserved network"),
    (v4(192, 0, 2, 24), "a network for documentation"),
    (v4(192, 88, 99, 24), "a reserved network"),
    (v4(192, 168, 0, 16), "a private network"),
    (v4(198, 18, 0, 15), "a network for benchmarks"),
    (v4(198, 51, 100, 24), "a network for documentation"),
    (v4(203, 0, 113, 24), "a network for documentation"),
    (v4(224, 0, 0, 4), "a multicast address"),
    (v4(240, 0, 0, 4), "a reserved network"),
];

/// The only part of IPv6 that is public; all else is refused unless a rule below says what it is.
const PUBLIC_V6: Ipv6Net = v6(0x2000, 0, 0, 3);
/// What is not public within it, and words for what lies outside.
const FORBIDDEN_V6: &[(Ipv6Net, &str)] = &[
    (v6(0x2001, 0, 0, 23), "a reserved network"),
    (v6(0x2001, 0xdb8, 0, 32), "a network for documentation"),
    (v6(0x3fff, 0, 0, 20), "a network for documentation"),
    (v6(0x64, 0xff9b, 1, 48), "a private network"),
    (v6(0xfc00, 0, 0, 7), "a private network"),
    (v6(0xfe80, 0, 0, 10), "a link-local address"),
    (v6(0xfec0, 0, 0, 10), "a private network"),
    (v6(0xff00, 0, 0, 8), "a multicast address"),
];

/// Which addresses may be reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guard {
    allowed: Vec<IpNet>,
}

impl Guard {
    pub(crate) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.to_vec() }
    }

    /// What forbids this address, in words; nothing if it may be reached.
    pub(crate) fn forbids(&self, address: IpAddr) -> Option<&'static str> {
        let plain = address.to_canonical();
        if self.allowed.iter().any(|network| network.contains(&address) || network.contains(&plain)) {
            return None;
        }
        match plain {
            IpAddr::V4(address) => forbidden_v4(address),
            IpAddr::V6(address) => forbidden_v6(address),
        }
    }
}

fn forbidden_v4(address: Ipv4Addr) -> Option<&'static str> {
    FORBIDDEN_V4.iter().find(|(network, _)| network.contains(&address)).map(|(_, what)| *what)
}

fn forbidden_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("this machine itself");
    }
    if address.is_unspecified() {
        return Some("an unspecified address");
    }
    if let Some((_, what)) = FORBIDDEN_V6.iter().find(|(network, _)| network.contains(&address)) {
        return Some(what);
    }
    match embedded(address) {
        Some(inner) => forbidden_v4(inner),
        None if PUBLIC_V6.contains(&address) => None,
        None => Some("a reserved network"),
    }
}

/// The IPv4 address that a gateway on the way would make of it: 6to4, NAT64, and the interface of ISATAP.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    match address.segments() {
        // The second bit of ISATAP's interface says whether its number is the only one in the world.
        [0x2002, high, low, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [.., 0 | 0x200, 0x5efe, high, low] => v4(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_have_their_place() {
        let forbidden = [
            ("0.0.0.0", "an unspecified address"),
            ("0.1.2.3", "an unspecified address"),
            ("10.0.0.1", "a private network"),
            ("100.64.0.1", "a carrier's inner network"),
            ("100.127.255.255", "a carrier's inner network"),
            ("127.0.0.1", "this machine itself"),
            ("127.255.255.254", "this machine itself"),
            ("169.254.169.254", "a link-local address"),
            ("172.31.255.255", "a private network"),
            ("192.168.1.1", "a private network"),
            ("198.19.0.1", "a network for benchmarks"),
            ("224.0.0.1", "a multicast address"),
            ("239.255.255.250", "a multicast address"),
            ("255.255.255.255", "a reserved network"),
            ("::", "an unspecified address"),
            ("::1", "this machine itself"),
            ("::ffff:127.0.0.1", "this machine itself"),
            ("::ffff:169.254.169.254", "a link-local address"),
            ("::127.0.0.1", "a reserved network"),
            ("2002:7f00:1::", "this machine itself"),
            ("2002:a9fe:a9fe::1", "a link-local address"),
            ("64:ff9b::10.1.2.3", "a private network"),
            ("64:ff9b::a9fe:a9fe", "a link-local address"),
            ("64:ff9b:1::1", "a private network"),
            ("2400:1::5efe:192.168.0.1", "a private network"),
            ("2400:1::200:5efe:192.168.0.1", "a private network"),
            ("2001:0:1::1", "a reserved network"),
            ("2001:db8::1", "a network for documentation"),
            ("fc00::1", "a private network"),
            ("fd12:3456::1", "a private network"),
            ("fe80::1", "a link-local address"),
            ("fec0::1", "a private network"),
            ("ff02::1", "a multicast address"),
            ("100::1", "a reserved network"),
            ("4000::1", "a reserved network"),
        ];
        for (text, what) in forbidden {
            assert_eq!(Guard::default().forbids(address(text)), Some(what), "{text}");
        }
        let public =
            ["1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "223.255.255.255"];
        let public_v6 =
            ["2606:4700::1", "2400:3200::1", "2002:101:101::1", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"];
        for text in public.iter().chain(&public_v6) {
            assert_eq!(Guard::default().forbids(address(text)), None, "{text}");
        }
    }

    #[test]
    fn an_allowed_network_is_allowed_and_no_other() {
        let networks = ["10.20.0.0/16", "fd00:1::/64"].map(|text| text.parse().unwrap());
        let guard = Guard::new(&networks);
        for (text, forbidden) in [
            ("10.20.3.4", false),
            ("::ffff:10.20.3.4", false),
            ("10.21.0.1", true),
            ("fd00:1::5", false),
            ("fd00:2::5", true),
            ("64:ff9b::10.20.3.4", true),
            ("127.0.0.1", true),
        ] {
            assert_eq!(guard.forbids(address(text)).is_some(), forbidden, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_disguise_of_a_forbidden_address_gets_through(bits: u32, low in 0..=u16::MAX) {
            let plain = Ipv4Addr::from_bits(bits);
            let (high_half, low_half) = ((bits >> 16) as u16, u16::try_from(bits & 0xffff).unwrap());
            let disguises = [
                plain.to_ipv6_mapped(),
                Ipv6Addr::new(0x2002, high_half, low_half, low, low, 0, 0, low),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high_half, low_half),
            ];
            let guard = Guard::default();
            for disguise in disguises {
                prop_assert_eq!(guard.forbids(disguise.into()), guard.forbids(plain.into()), "{} as {}", plain, disguise);
            }
            prop_assert!(guard.forbids(plain.to_ipv6_compatible().into()).is_some());
        }
    }
}
