//! Room on the disk that is kept for presses: a file of known size that is given up when the disk is full.

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use std::{fs::File, io, path::PathBuf};

/// Enough for some hundred thousand presses and their incidents, little enough for any disk.
pub const DEFAULT_BALLAST_BYTES: u64 = 64 * 1024 * 1024;

/// The file and its size.
#[derive(Debug, Clone)]
pub struct Ballast {
    path: PathBuf,
    bytes: u64,
}

impl Ballast {
    /// Takes the room now. Not getting it is not fatal: the platform runs, and says that the disk is full.
    pub fn take(path: PathBuf, bytes: u64) -> (Self, bool) {
        let ballast = Self { path, bytes };
        let taken = ballast.is_held() || ballast.restore();
        (ballast, taken)
    }

    fn is_held(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|file| file.len() >= self.bytes)
    }

    /// Gives the room to the presses.
    pub fn release(&self) {
        match std::fs::remove_file(&self.path) {
            Ok(()) => {
                tracing::error!(event = "ballast_released", bytes = self.bytes, "disk full: free some space");
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::error!(event = "ballast_stuck", %error, path = %self.path.display()),
        }
    }

    /// Takes the room back if the disk has twice as much, so that fixes do not fill it again at once.
    pub fn restore(&self) -> bool {
        let Some(folder) = self.path.parent() else { return false };
        let free = statvfs(folder).map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
        free >= self.bytes.saturating_mul(2) && self.reserve().is_ok()
    }

    fn reserve(&self) -> io::Result<()> {
        let file = File::create(&self.path)?;
        fallocate(&file, FallocateFlags::empty(), 0, self.bytes)?;
        file.sync_all()
    }
}
