//! An address that may be connected to.

use hyper::{Uri, header::HeaderValue};
use rustls::pki_types::ServerName;
use std::net::IpAddr;
use url::{Host, Url};

/// An http or https address, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Target {
    url: Url,
    host: Host<String>,
    port: u16,
    path: Uri,
}

/// The path and what follows it may hold a key.
impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Target {
    /// Takes it apart, or says in words, without showing it, why nothing is sent there.
    pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("it is no address ({error})"))?;
        let is_private = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(format!("it begins with {other}:, not with https:")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user name or a password, which belong elsewhere".to_owned());
        }
        let host = url.host().ok_or("it names no host")?.to_owned();
        if !is_private && !allow_http && !is_here(&host) {
            return Err("it begins with http:, where everybody on the way can read; `allow_http` allows it"
                .to_owned());
        }
        let port = url.port_or_known_default().ok_or("it has no port")?;
        let path_and_query = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let path =
            path_and_query.parse().map_err(|error| format!("its path cannot be asked for ({error})"))?;
        Ok(Self { url, host, port, path })
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host as it is written, for messages.
    pub(crate) fn host_text(&self) -> String {
        self.host.to_string()
    }

    /// The address that stands in it, or else the name.
    pub(crate) fn literal(&self) -> Result<IpAddr, &str> {
        match &self.host {
            Host::Ipv4(address) => Ok((*address).into()),
            Host::Ipv6(address) => Ok((*address).into()),
            Host::Domain(name) => Err(name),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What the certificate must bear.
    pub(crate) fn server_name(&self) -> Option<ServerName<'static>> {
        match self.literal() {
            Ok(address) => Some(ServerName::IpAddress(address.into())),
            Err(name) => ServerName::try_from(name.to_owned()).ok(),
        }
    }

    /// Path and query, as the request's first line has them.
    pub(crate) fn path(&self) -> Uri {
        self.path.clone()
    }

    /// The header field `Host`.
    pub(crate) fn host_header(&self) -> Option<HeaderValue> {
        let text = self.url.port().map_or_else(|| self.host_text(), |port| format!("{}:{port}", self.host));
        HeaderValue::try_from(text).ok()
    }
}

/// Whether it is this machine, by its own word. For the trust in a server it does not matter if the name lies.
pub(crate) fn is_here(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is nearly an address.
    const NEARLY: &str = concat!(
        r"(http|https|HTTP|ftp|file)?(://|:|//)?(u:p@|@)?",
        r"(localhost|127\.0\.0\.1|2130706433|\[::1\]|\[::ffff:7f00:1\]|10\.0\.0\.1|[a-z0-9.@:%-]{0,20}|例子)",
        r"(:[0-9]{0,6})?[/?#a-z%\\ ]{0,20}",
    );

    proptest! {
        #[test]
        fn any_text_is_an_address_that_may_be_asked_or_says_why_not(text in prop_oneof![".{0,60}", NEARLY], allow_http in any::<bool>()) {
            match Target::parse(&text, allow_http) {
                Ok(target) => {
                    let is_near = target.literal().map_or_else(|name| name == "localhost", |address| address.is_loopback());
                    prop_assert!(target.is_https() || allow_http || is_near, "{}", target.host_text());
                    prop_assert!(target.path().path().starts_with('/'));
                    prop_assert!(target.host_header().is_some());
                }
                Err(why) => prop_assert!(!why.is_empty()),
            }
        }
    }
}
