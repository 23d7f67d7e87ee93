//! Writing what was learned as the tables of the detector.

use crate::{Failure, boost::Learned, rust};
use geofence::falls::Worn;
use std::{fs, path::PathBuf};

fn path(worn: Worn) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/falls/weights/{}.rs", worn.as_str()))
}

fn text(learned: &Learned) -> Result<String, Failure> {
    Ok(rust::table("make train-detection", "pub(super) const PROFILE", learned)?)
}

/// Whether the table in the repository is this one, however it is laid out.
pub(crate) fn is_current(worn: Worn, learned: &Learned) -> Result<bool, Failure> {
    Ok(rust::is_same(&fs::read_to_string(path(worn))?, &text(learned)?))
}

/// Writes the table of a profile.
pub(crate) fn write(worn: Worn, learned: &Learned) -> Result<(), Failure> {
    Ok(fs::write(path(worn), text(learned)?)?)
}
