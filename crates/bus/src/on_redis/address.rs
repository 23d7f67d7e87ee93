//! Where Redis is, and what may be said of it: never its password.

use redis::{Client, IntoConnectionInfo as _, RedisError};

/// The characters of a prefix: those of an id, so that no key or channel of ours can be taken for a pattern.
const PREFIX_CHARACTERS: &str = "letters, digits and . _ - :";
const PREFIX_BYTES_MAX: usize = 64;

/// Why a bus on Redis cannot be made. That Redis is away is none of these: the bus waits for it.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The address cannot be understood.
    #[error(
        "{shown} is no address of Redis; write redis://[[USER]:PASSWORD@]HOST[:PORT][/NUMBER] or unix:///PATH"
    )]
    Url {
        /// The address without its secrets.
        shown: String,
        /// What is wrong with it.
        #[source]
        source: RedisError,
    },
    /// The address asks for TLS.
    #[error(
        "{shown} asks for TLS, which this program does not speak to Redis; use redis:// within a network you trust"
    )]
    Tls {
        /// The address without its secrets.
        shown: String,
    },
    /// The prefix has a character that it must not have.
    #[error("{prefix:?} cannot begin the names of keys; use at most {PREFIX_BYTES_MAX} {PREFIX_CHARACTERS}")]
    Prefix {
        /// The prefix.
        prefix: String,
    },
    /// The operating system gave no random bytes for the name of this process.
    #[error("no random name for this process")]
    Name(#[source] getrandom::Error),
}

/// An address that can be dialled, and how it is shown.
pub(super) fn client(url: &str) -> Result<(Client, String), BusError> {
    let shown = shown(url);
    if url.starts_with("rediss:") || url.starts_with("valkeys:") {
        return Err(BusError::Tls { shown });
    }
    let opened = url.into_connection_info().and_then(Client::open);
    match opened {
        Ok(client) => Ok((client, shown)),
        Err(source) => Err(BusError::Url { shown, source }),
    }
}

/// The address without user, password and options, in which a password can stand too.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "the address".to_owned() };
    // After the last @, for a password may hold one that should have been written %40.
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let place = place.split(['?', '#']).next().unwrap_or_default();
    format!("{scheme}://{place}")
}

pub(super) fn check_prefix(prefix: &str) -> Result<(), BusError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
    if prefix.len() <= PREFIX_BYTES_MAX && prefix.chars().all(fits) {
        Ok(())
    } else {
        Err(BusError::Prefix { prefix: prefix.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        for (url, expected) in [
            ("redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
            ("redis://:geheim@host:6379/0", "redis://host:6379/0"),
            ("redis://user:geh@eim@host", "redis://host"),
            ("redis://:geheim@host/?protocol=resp3", "redis://host/"),
            ("unix:///run/redis.sock?db=1&pass=geheim", "unix:///run/redis.sock"),
            ("redis:geheim", "the address"),
            ("geheim", "the address"),
        ] {
            assert_eq!(shown(url), expected);
        }
    }

    #[test]
    fn a_wrong_address_is_refused_with_words_and_without_its_password() {
        let urls = [
            "redis://:geheim@host:port/0",
            "redis://:geheim@host/second",
            "rediss://:geheim@host",
            "http://:geheim@host",
            "redis://:geheim@",
            "redis://:geheim@0.0.0.0",
            "127.0.0.1:6379?geheim",
        ];
        for url in urls {
            let error = client(url).expect_err("a wrong address");
            let mut said = format!("{error} {error:?}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                said = format!("{said} {cause} {cause:?}");
                source = cause.source();
            }
            assert!(!said.contains("geheim"), "{said}");
            assert!(said.contains("redis://"), "{said}");
        }
        assert!(matches!(client("rediss://host"), Err(BusError::Tls { .. })));
    }

    #[test]
    fn a_prefix_is_plain() {
        for prefix in ["", "jjl:", "Suqian_1.test-"] {
            assert!(check_prefix(prefix).is_ok(), "{prefix}");
        }
        for prefix in ["a b", "a*", "a\n", "居", &"x".repeat(65)] {
            assert!(check_prefix(prefix).is_err(), "{prefix}");
        }
    }
}
