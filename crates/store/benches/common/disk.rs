//! Where the benchmarks write: what lies in memory is never durable, and what it costs is no figure.

use rustix::fs::statfs;
use std::path::Path;

/// Fails where this folder lies in a tmpfs or ramfs.
pub(crate) fn is_below(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    if [0x0102_1994, 0x8584_58f6].contains(&statfs(folder)?.f_type) {
        let folder = folder.display();
        return Err(format!("{folder} lies in memory: set TMPDIR to a folder on a disk").into());
    }
    Ok(())
}
