//! Password hashes: argon2id with the parameters OWASP gives as its minimum. Slow on purpose; call these off
//! the async threads and a bounded number at a time.

use sha2::{Digest as _, Sha256};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        PasswordHasher as _,
        phc::{Output, PasswordHash},
    },
};
use std::sync::LazyLock;

/// Memory, passes and lanes for people: 19 MiB, 2, 1 (about 20 ms on a present core).
const PEOPLE: (u32, u32, u32) = (19_456, 2, 1);
/// For handsets, whose secrets are long and made by a machine: 4 MiB, 1, 1 (about 2 ms).
const HANDSETS: (u32, u32, u32) = (4_096, 1, 1);

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("a password cannot be hashed: {0}")]
pub struct HashError(String);

/// A digest by which two texts are known to be the same, and which tells nothing of them.
pub fn digest(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let half = |bytes: &[u8]| u128::from_be_bytes(bytes.try_into().unwrap_or_default());
    let (first, second) = digest.split_at(16);
    format!("{:032x}{:032x}", half(first), half(second))
}

/// Characters a password has at least; length protects better than rules about signs.
const PASSWORD_CHARACTERS: usize = 12;
/// A password longer than this is a mistake, and a burden to hash.
const PASSWORD_BYTES: usize = 1_024;
/// Different signs it has at least: nobody guesses twelve times the same one last.
const PASSWORD_SIGNS: usize = 5;

/// Whether a person may have this password; the sentence says why not.
pub fn is_good_password(username: &str, password: &str) -> Result<(), String> {
    if password.len() > PASSWORD_BYTES {
        return Err(format!("a password has at most {PASSWORD_BYTES} bytes"));
    }
    if password.chars().count() < PASSWORD_CHARACTERS {
        return Err(format!(
            "a password has at least {PASSWORD_CHARACTERS} characters; some words in a row are easy to keep"
        ));
    }
    if password.chars().collect::<std::collections::BTreeSet<_>>().len() < PASSWORD_SIGNS {
        return Err(format!("a password has at least {PASSWORD_SIGNS} different characters"));
    }
    if !username.is_empty() && password.to_lowercase().contains(&username.to_lowercase()) {
        return Err("a password does not hold the name it belongs to".to_owned());
    }
    if password == "jujiale-demo" {
        return Err("this password is known to everybody; it is the demo's".to_owned());
    }
    Ok(())
}

/// Hashes a person's password.
pub fn hash_password(password: &str) -> Result<String, HashError> {
    hash(password.as_bytes(), PEOPLE)
}

/// Hashes a handset's secret.
pub fn hash_handset_secret(secret: &[u8]) -> Result<String, HashError> {
    hash(secret, HANDSETS)
}

fn hash(secret: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Result<String, HashError> {
    let params = Params::new(memory, passes, lanes, None).map_err(|error| HashError(error.to_string()))?;
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password(secret)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| HashError(error.to_string()))
}

/// The memory that hashes are made in. Whoever makes many uses the same again: 19 MiB fetched from the system and given back for each
/// hold up whatever else the process does meanwhile.
#[derive(Debug, Default)]
pub struct Memory(Vec<Block>);

impl Memory {
    /// Whether the password is the one that was hashed; a broken hash matches nothing.
    pub fn verify(&mut self, password: &[u8], hash: &str) -> bool {
        PasswordHash::new(hash)
            .is_ok_and(|kept| self.hashed(password, &kept).is_some_and(|own| kept.hash == Some(own)))
    }

    /// Takes as long as a wrong password does, for a name that nobody has.
    pub fn refuse(&mut self, password: &[u8]) {
        if let Some(hash) = DECOY.as_ref() {
            self.verify(password, hash);
        }
    }

    /// The password's hash with another's salt and parameters.
    fn hashed(&mut self, password: &[u8], like: &PasswordHash) -> Option<Output> {
        let (salt, kept) = (like.salt.as_ref()?, like.hash.as_ref()?);
        let algorithm = Algorithm::try_from(like.algorithm.as_str()).ok()?;
        let version = Version::try_from(like.version?).ok()?;
        let params = Params::try_from(like).ok()?;
        let blocks = params.block_count().max(self.0.len());
        self.0.resize(blocks, Block::new());
        let mut hashed = vec![0; kept.len()];
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_into_with_memory(password, salt, &mut hashed, &mut self.0).ok()?;
        Output::new(&hashed).ok()
    }
}

/// Whether the password is the one that was hashed, in memory of its own; a broken hash matches nothing.
pub fn verify(password: &[u8], hash: &str) -> bool {
    Memory::default().verify(password, hash)
}

/// What a password is compared with where nobody has the name.
static DECOY: LazyLock<Option<String>> =
    LazyLock::new(|| hash_password("an account that does not exist").ok());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_its_own_name() {
        for (username, password) in [
            ("limin", "short-one"),
            ("limin", "aaaaaaaaaaaaaaaaaa"),
            ("limin", "my name is LiMin"),
            ("limin", "jujiale-demo"),
            ("limin", &*"x y z 1 2 3".repeat(100)),
        ] {
            assert!(is_good_password(username, password).is_err(), "{password}");
        }
        for password in ["correct horse battery", "居家樂的夜班從八點開始嗎?"] {
            assert_eq!(is_good_password("limin", password), Ok(()), "{password}");
        }
    }

    #[test]
    fn a_name_that_nobody_has_costs_what_a_wrong_password_costs() {
        let cost = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        let of_nobody = cost(DECOY.as_ref().unwrap());
        assert_eq!(of_nobody, cost(&hash_password("jujiale-demo").unwrap()));
        assert_eq!(of_nobody[3], "m=19456,t=2,p=1");
    }

    #[test]
    fn a_hash_is_matched_by_its_password_alone() {
        let stored = hash_password("jujiale-demo").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify(b"jujiale-demo", &stored));
        assert!(!verify(b"jujiale-dem0", &stored));
        assert!(!verify(b"jujiale-demo", "not a hash"));
        let mut memory = Memory::default();
        let handset = hash_handset_secret(b"demo-0001").unwrap();
        for _ in 0..2 {
            assert!(memory.verify(b"demo-0001", &handset) && memory.verify(b"jujiale-demo", &stored));
            assert!(!memory.verify(b"demo-0002", &handset) && !memory.verify(b"demo-0001", &stored));
        }
        assert_ne!(stored, hash_password("jujiale-demo").unwrap(), "each hash has its own salt");
        assert!(verify(b"demo-0001", &hash_handset_secret(b"demo-0001").unwrap()));
    }
}
