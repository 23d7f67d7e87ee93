//! Room on the disk that is kept for presses: a file of known size that is given up when the disk is full.

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;
use std::{
    fs::File,
    io::{self, Read as _},
    path::PathBuf,
};

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

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
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
        if free < self.bytes.saturating_mul(2) {
            return false;
        }
        let reserved = self.reserve();
        if let Err(error) = &reserved {
            // Half a ballast would hold room that nobody ever gives back.
            tracing::warn!(event = "ballast_not_taken", %error, path = %self.path.display());
            std::fs::remove_file(&self.path).unwrap_or_default();
        }
        reserved.is_ok()
    }

    fn reserve(&self) -> io::Result<()> {
        let mut file = File::create(&self.path)?;
        match fallocate(&file, FallocateFlags::empty(), 0, self.bytes) {
            Ok(()) => {}
            // Some file systems have no such call; there the room is taken by writing.
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => fill(&mut file, self.bytes)?,
            Err(error) => return Err(error.into()),
        }
        file.sync_all()
    }
}

fn fill(file: &mut File, bytes: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(b'j').take(bytes), file).map(drop)
}
