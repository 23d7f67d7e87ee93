//! Sealed columns: telephones, addresses and identity numbers are ciphertext on disk.
//!
//! A value is sealed with XChaCha20-Poly1305 under the key named by the row's `key_id`, bound to its column and
//! record so that ciphertext cannot be moved to another person. Beside it stands an HMAC-SHA-256 of the normalised
//! value under a key of its own, so that equality can be searched without opening anything. Both are other ones after
//! a rotation. The keys live in a file beside the data, readable by its owner alone, never in the database.

use crate::StoreError;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use protocol::OsmAndId;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
    sync::Arc,
};

const NONCE_BYTES: usize = 24;

/// A text that is not what a key file holds. It says where and not what: what stands there may be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column} is not as in a key file")]
pub struct NoKeys {
    line: usize,
    column: usize,
}

/// The platform's keys.
#[derive(Clone)]
pub struct Keys(Arc<KeyFile>);

#[derive(Serialize, Deserialize)]
struct KeyFile {
    key_id: String,
    seal: [u8; 32],
    index: [u8; 32],
    quick: [u8; 32],
    /// Keys of before, which still open what was sealed with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    older: Vec<OlderKey>,
}

#[derive(Clone, Serialize, Deserialize)]
struct OlderKey {
    key_id: String,
    seal: [u8; 32],
    /// By which values of its time are found; none: by the present one, which did not change then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    index: Option<[u8; 32]>,
}

/// A key of blind indexes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexKey<'a>(&'a [u8; 32]);

impl IndexKey<'_> {
    /// What a value stands under ([`Keys::index`]).
    pub(crate) fn index(self, column: &str, value: &str) -> Vec<u8> {
        let normal: String =
            value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        hmac(self.0, &[column.as_bytes(), normal.as_bytes()]).to_vec()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("key_id", &self.0.key_id).finish_non_exhaustive()
    }
}

impl Keys {
    /// Reads the key file, or makes one with fresh keys where there is none.
    pub fn load_or_create(path: &Path) -> Result<Self, StoreError> {
        let failed = |problem: String| StoreError::Keys { path: path.display().to_string(), problem };
        if path.exists() {
            return Self::load(path);
        }
        let keys = Self::fresh().map_err(|error| failed(error.to_string()))?;
        let draft = keys.draft(path)?;
        // Two may begin at once; the keys of whoever was first count for both.
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft).map_err(|error| failed(error.to_string()))?;
        match linked {
            Ok(()) => sync_folder(path).map_err(|error| failed(error.to_string())).map(|()| keys),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load(path),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Reads the key file.
    pub fn load(path: &Path) -> Result<Self, StoreError> {
        let failed = |problem: String| StoreError::Keys { path: path.display().to_string(), problem };
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        Self::from_text(&text).map_err(|error| failed(error.to_string()))
    }

    /// Reads what a key file would hold, wherever it comes from.
    pub fn from_text(text: &str) -> Result<Self, NoKeys> {
        let read = serde_json::from_str(text);
        let keys = read.map_err(|error| NoKeys { line: error.line(), column: error.column() })?;
        Ok(Self(Arc::new(keys)))
    }

    /// What a key file holds, for whoever keeps it elsewhere. It opens everything.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&*self.0)
    }

    /// Writes the key file in place of the one that is there, whole or not at all. It stays its owner's, whoever does this.
    pub fn save(&self, path: &Path) -> Result<(), StoreError> {
        let failed = |problem: io::Error| StoreError::Keys {
            path: path.display().to_string(),
            problem: problem.to_string(),
        };
        let draft = self.draft(path)?;
        let owner = fs::metadata(path).map_err(failed)?;
        chown(&draft, Some(owner.uid()), Some(owner.gid()))
            .and_then(|()| fs::rename(&draft, path))
            .and_then(|()| sync_folder(path))
            .map_err(failed)
    }

    /// A file beside it with these keys, on disk, for its owner alone.
    fn draft(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let failed = |problem: String| StoreError::Keys { path: path.display().to_string(), problem };
        let text = self.to_text().map_err(|error| failed(error.to_string()))?;
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|error| failed(error.to_string()))?;
        let draft = path.with_extension(format!("{:016x}", u64::from_be_bytes(name)));
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|error| failed(error.to_string()))?;
        Ok(draft)
    }

    /// The same with other keys to seal with and to find by; what was sealed before still opens and is found. The key of the quick tags
    /// stays: of a secret or of a telephone's id there is no plain text to make another tag of, and a claim's secret is too long to be tried.
    pub fn rotated(&self) -> Result<Self, getrandom::Error> {
        let [mut seal, mut index] = [[0u8; 32]; 2];
        getrandom::fill(&mut seal)?;
        getrandom::fill(&mut index)?;
        let before = &self.0;
        let mut older = before.older.clone();
        // Those of a time when the index had one key for good had that of whoever comes after them.
        for key in &mut older {
            key.index = key.index.or(Some(before.index));
        }
        older.push(OlderKey { key_id: before.key_id.clone(), seal: before.seal, index: Some(before.index) });
        let key_id = format!("k{}", older.len().saturating_add(1));
        // Names are never used twice, however many keys were dropped meanwhile.
        let newest = |id: &str| id.trim_start_matches('k').parse::<usize>().unwrap_or_default();
        let key_id = format!("k{}", newest(&key_id).max(newest(&before.key_id).saturating_add(1)));
        Ok(Self(Arc::new(KeyFile { key_id, seal, index, quick: before.quick, older })))
    }

    /// The same without the keys of before.
    #[must_use]
    pub fn without_older(&self) -> Self {
        let KeyFile { seal, index, quick, .. } = *self.0;
        Self(Arc::new(KeyFile { key_id: self.0.key_id.clone(), seal, index, quick, older: Vec::new() }))
    }

    /// The ids of the keys of before.
    pub fn older(&self) -> impl Iterator<Item = &str> {
        self.0.older.iter().map(|key| key.key_id.as_str())
    }

    /// Keys that nobody has had before.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut parts = [[0u8; 32]; 3];
        for part in &mut parts {
            getrandom::fill(part)?;
        }
        let [seal, index, quick] = parts;
        Ok(Self(Arc::new(KeyFile { key_id: "k1".to_owned(), seal, index, quick, older: Vec::new() })))
    }

    /// The id that rows sealed now carry.
    pub fn key_id(&self) -> &str {
        &self.0.key_id
    }

    /// Seals a value of one column of one record.
    pub fn seal(&self, column: &str, record: &str, value: &str) -> Result<Vec<u8>, StoreError> {
        let broken = |problem: String| StoreError::Broken { what: "a sealed value", problem };
        let mut nonce = [0u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| broken(error.to_string()))?;
        let aad = format!("{column}|{record}");
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: value.as_bytes(), aad: aad.as_bytes() })
            .map_err(|error| broken(error.to_string()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens a sealed value; fails if a byte of it, its column or its record is not what was sealed.
    pub fn open(&self, column: &str, record: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let broken = |problem: String| StoreError::Broken { what: "a sealed value", problem };
        let (nonce, ciphertext) =
            sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| broken("too short".to_owned()))?;
        let aad = format!("{column}|{record}");
        // A key that is not the one gives no text but a refusal.
        let keys = std::iter::once(&self.0.seal).chain(self.0.older.iter().map(|key| &key.seal));
        let opened = keys
            .map(|key| {
                let payload = Payload { msg: ciphertext, aad: aad.as_bytes() };
                XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload)
            })
            .find_map(Result::ok)
            .ok_or_else(|| broken("it opens with none of the keys for this column and record".to_owned()))?;
        String::from_utf8(opened).map_err(|error| broken(error.to_string()))
    }

    /// The blind index of a value: equal values have equal indexes, whatever blanks and dashes they came with.
    pub fn index(&self, column: &str, value: &str) -> Vec<u8> {
        IndexKey(&self.0.index).index(column, value)
    }

    /// By which values are found while records of before wait to be sealed anew; the present key is the first.
    pub(crate) fn index_keys(&self) -> Vec<IndexKey<'_>> {
        let mut keys = vec![IndexKey(&self.0.index)];
        for older in self.0.older.iter().rev().filter_map(|key| key.index.as_ref()).map(IndexKey) {
            if !keys.contains(&older) {
                keys.push(older);
            }
        }
        keys
    }

    /// The tag by which a returning handset is known without hashing its password slowly again.
    pub fn quick_tag(&self, handset: &str, password: &[u8]) -> [u8; 32] {
        hmac(&self.0.quick, &[handset.as_bytes(), password])
    }

    /// What is kept of an OsmAnd phone's id. No handset has a blank in its name, so no tag of one is another's.
    pub fn phone_tag(&self, id: &OsmAndId) -> [u8; 32] {
        hmac(&self.0.quick, &[b"osmand id", id.as_str().as_bytes()])
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.seal.into())
    }
}

/// That a file has its name is on disk too.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a short key up to the hash's block with zeros; done here, the length is in the type.
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The last four characters, which people may search and see.
pub(crate) fn last_four(value: &str) -> String {
    let characters: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
    characters.iter().skip(characters.len().saturating_sub(4)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_where_it_was_sealed() {
        let keys = Keys::fresh().unwrap();
        let sealed = keys.seal("telephone", "r1", "13800138000").unwrap();
        assert_eq!(keys.open("telephone", "r1", &sealed).unwrap(), "13800138000");
        assert!(keys.open("telephone", "r2", &sealed).is_err());
        assert!(keys.open("address", "r1", &sealed).is_err());
        assert!(Keys::fresh().unwrap().open("telephone", "r1", &sealed).is_err());
        let mut bent = sealed;
        bent[30] ^= 1;
        assert!(keys.open("telephone", "r1", &bent).is_err());
    }

    #[test]
    fn what_was_sealed_before_a_rotation_opens_until_its_key_is_dropped() {
        let first = Keys::fresh().unwrap();
        let old = first.seal("telephone", "r1", "13800138000").unwrap();
        let second = first.rotated().unwrap();
        let third = second.rotated().unwrap();
        assert_eq!((first.key_id(), second.key_id(), third.key_id()), ("k1", "k2", "k3"));
        assert_eq!(third.older().collect::<Vec<_>>(), ["k1", "k2"]);
        assert_eq!(third.open("telephone", "r1", &old).unwrap(), "13800138000");
        let new = third.seal("telephone", "r1", "13800138000").unwrap();
        assert!(first.open("telephone", "r1", &new).is_err());
        let alone = third.without_older();
        assert_eq!(alone.open("telephone", "r1", &new).unwrap(), "13800138000");
        assert!(alone.open("telephone", "r1", &old).is_err());
        assert_eq!(alone.rotated().unwrap().key_id(), "k4", "a name is never used twice");
        assert_eq!(first.quick_tag("h", b"p"), third.quick_tag("h", b"p"), "who returns is known quickly");
    }

    fn every_index(keys: &Keys) -> Vec<Vec<u8>> {
        keys.index_keys().into_iter().map(|key| key.index("telephone", "13800138000")).collect()
    }

    #[test]
    fn what_is_found_by_changes_with_the_key_and_is_found_by_both_until_the_old_one_is_dropped() {
        let first = Keys::fresh().unwrap();
        let third = first.rotated().unwrap().rotated().unwrap();
        let of = |keys: &Keys| keys.index("telephone", "13800138000");
        assert_ne!(of(&first), of(&third), "who has the old keys tries out no number");
        let all = every_index(&third);
        assert_eq!((all.len(), all.first(), all.last()), (3, Some(&of(&third)), Some(&of(&first))));
        assert_eq!(every_index(&third.without_older()), [of(&third)]);
        assert_eq!(every_index(&first), [of(&first)]);
    }

    #[test]
    fn a_key_file_of_when_the_index_had_one_key_for_good_finds_as_before() {
        let second = Keys::fresh().unwrap().rotated().unwrap();
        let mut file: serde_json::Value = serde_json::from_str(&second.to_text().unwrap()).unwrap();
        file["older"][0].as_object_mut().unwrap().remove("index").unwrap();
        let before = Keys::from_text(&file.to_string()).unwrap();
        let of = |keys: &Keys| keys.index("telephone", "13800138000");
        assert_eq!(every_index(&before), [of(&second)]);
        let third = before.rotated().unwrap();
        assert_eq!(every_index(&third), [of(&third), of(&second)]);
    }

    #[test]
    fn equal_numbers_have_equal_indexes_however_they_were_typed() {
        let keys = Keys::fresh().unwrap();
        assert_eq!(keys.index("telephone", "138 0013-8000"), keys.index("telephone", "13800138000"));
        assert_ne!(keys.index("telephone", "13800138000"), keys.index("identity", "13800138000"));
        assert_eq!(last_four("34052419800101001x"), "001x");
    }

    #[test]
    fn of_a_text_that_is_no_key_file_nothing_is_repeated() {
        let whole = Keys::fresh().unwrap().to_text().unwrap();
        let bent = whole.replacen("\"seal\":[", "\"seal\":\"c2VjcmV0\",\"x\":[", 1);
        for text in [bent.as_str(), "c2VjcmV0", "{\"c2VjcmV0\":1}"] {
            let refused = Keys::from_text(text).unwrap_err();
            let told = format!("{refused} {refused:?}");
            assert!(told.contains("line 1, column ") && !told.contains("c2VjcmV0"), "{told}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        fs::write(&path, bent).unwrap();
        let refused = Keys::load(&path).unwrap_err();
        let told = format!("{refused} {refused:?}");
        assert!(told.contains("keys.json") && !told.contains("c2VjcmV0"), "{told}");
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let first = Keys::load_or_create(&path).unwrap();
        let again = Keys::load_or_create(&path).unwrap();
        assert_eq!(first.quick_tag("h", b"p"), again.quick_tag("h", b"p"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
