//! By what residents are watched.

use serde::Deserialize;
use std::path::PathBuf;

/// `[watch]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Watch {
    /// A file of rules, in JSON or TOML; docs/geofence.md says what stands in it.
    pub(crate) rules: Option<PathBuf>,
}
