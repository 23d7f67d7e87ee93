//! Who speaks through a proxy, by what the proxy says of it. Only those that the settings name are believed.

use axum::http::{HeaderMap, HeaderName};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Each proxy on the way adds whom it was asked by.
const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// How it was asked; the proxy puts its own word in the place of any other.
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The addresses of proxies; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies(Arc<[IpAddr]>);

impl Proxies {
    pub(super) fn new(addresses: &[IpAddr]) -> Self {
        Self(addresses.iter().map(IpAddr::to_canonical).collect())
    }

    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// The nearest on the way that is no proxy: what stands before it, anybody may have made up.
    pub(super) fn speaker(&self, peer: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        let mut speaker = peer;
        for before in said(headers, &FOR).iter().rev() {
            match address(before) {
                Some(before) if self.has(speaker.ip()) => speaker = before,
                Some(_) | None => break,
            }
        }
        speaker
    }

    /// Whether a proxy was asked over TLS.
    pub(super) fn is_encrypted(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        self.has(peer.ip())
            && said(headers, &PROTO).last().is_some_and(|how| how.eq_ignore_ascii_case("https"))
    }
}

fn said<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).collect()
}

/// Some proxies write the port too.
fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok().or_else(|| Some(SocketAddr::new(text.parse().ok()?, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    #[test]
    fn a_proxy_is_believed_and_nobody_else() {
        let proxies = Proxies::new(&["127.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap()));
        let speaker = |peer: &str, lines: &[&str]| {
            let lines = lines.iter().map(|line| (FOR, line.parse().unwrap()));
            let peer = SocketAddr::new(peer.parse().unwrap(), 1);
            proxies.speaker(peer, &lines.collect()).ip().to_string()
        };
        assert_eq!(speaker("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(speaker("::ffff:127.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(
            speaker("127.0.0.1", &["192.0.2.1, 198.51.100.7"]),
            "198.51.100.7",
            "the first is made up"
        );
        assert_eq!(
            speaker("127.0.0.1", &["192.0.2.1", "2001:db8::7, 10.0.0.2"]),
            "2001:db8::7",
            "two proxies"
        );
        assert_eq!(speaker("10.0.0.3", &["198.51.100.7"]), "10.0.0.3", "no proxy");
        for nothing in [&[][..], &["nobody"], &["198.51.100.7, nobody"], &["198.51.100.7,"]] {
            assert_eq!(speaker("127.0.0.1", nothing), "127.0.0.1", "{nothing:?}");
        }
    }

    #[test]
    fn a_proxy_says_whether_it_was_asked_over_tls() {
        let proxies = Proxies::new(&["127.0.0.1".parse().unwrap()]);
        let is_encrypted = |peer: &str, lines: &[&str]| {
            let lines = lines.iter().map(|line| (PROTO, line.parse().unwrap()));
            proxies.is_encrypted(SocketAddr::new(peer.parse().unwrap(), 1), &lines.collect())
        };
        assert!(is_encrypted("127.0.0.1", &["https"]) && is_encrypted("127.0.0.1", &["http", "HTTPS"]));
        assert!(!is_encrypted("127.0.0.1", &["https, http"]) && !is_encrypted("127.0.0.1", &[]));
        assert!(!is_encrypted("10.0.0.3", &["https"]), "no proxy");
    }

    proptest! {
        #[test]
        fn what_the_proxy_wrote_is_believed_whatever_stands_before_it(
            made_up in "[ -~]{0,60}",
            asked_by: IpAddr,
            port in prop::option::of(any::<u16>()),
        ) {
            let proxies = Proxies::new(&["10.0.0.1".parse().unwrap()]);
            prop_assume!(!proxies.has(asked_by));
            let with_port = |port| SocketAddr::new(asked_by, port).to_string();
            let written = port.map_or_else(|| asked_by.to_string(), with_port);
            let line = HeaderValue::from_str(&format!("{made_up}, {written}")).unwrap();
            let headers: HeaderMap = [(FOR, line)].into_iter().collect();
            let proxy = SocketAddr::new("10.0.0.1".parse().unwrap(), 1);
            prop_assert_eq!(proxies.speaker(proxy, &headers).ip(), asked_by);
            let nobody = SocketAddr::new("10.0.0.2".parse().unwrap(), 1);
            prop_assert_eq!(proxies.speaker(nobody, &headers), nobody);
        }

        #[test]
        fn no_header_panics_and_nobody_speaks_who_is_not_named(
            bytes: Vec<u8>,
            nearly in "([0-9a-f.:\\[\\]]{0,20},? ?){0,4}",
        ) {
            let proxies = Proxies::new(&["10.0.0.1".parse().unwrap()]);
            let proxy = SocketAddr::new("10.0.0.1".parse().unwrap(), 1);
            for line in [HeaderValue::from_bytes(&bytes), HeaderValue::from_str(&nearly)] {
                let Ok(line) = line else { continue };
                let headers: HeaderMap = [(FOR, line.clone()), (PROTO, line)].into_iter().collect();
                let speaker = proxies.speaker(proxy, &headers);
                let is_named = said(&headers, &FOR).into_iter().any(|word| address(word) == Some(speaker));
                prop_assert!(speaker == proxy || is_named, "{}", speaker);
                proxies.is_encrypted(proxy, &headers);
            }
        }
    }
}
