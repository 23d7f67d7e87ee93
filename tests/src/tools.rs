//! Programs and rights that some tests need.

use anyhow::{Context as _, Result, bail, ensure};
use rustix::{
    fs::statfs,
    process::{Resource, Rlimit, getrlimit, setrlimit},
};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Fails with the name of the Debian package if a program cannot be run.
pub fn need(program: &str, package: &str) -> Result<()> {
    let tried = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    match tried {
        Ok(_) => Ok(()),
        Err(_) => {
            bail!("this test needs `{program}`: apt-get install {package} (scripts/packages.sh does it)")
        }
    }
}

/// Lets this process, and what it starts from now on, open as many files as it may; how many those are.
pub fn open_files() -> Result<u64> {
    let files = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum })?;
    Ok(files.maximum.unwrap_or(u64::MAX))
}

/// The same, and as many as are wanted where this account may allow itself more than it was given; fewer where it may not.
pub fn open_files_up_to(wanted: u64) -> Result<u64> {
    let allowed = open_files()?;
    if allowed >= wanted {
        return Ok(allowed);
    }
    let more = Rlimit { current: Some(wanted), maximum: Some(wanted) };
    match setrlimit(Resource::Nofile, more) {
        Ok(()) => Ok(wanted),
        Err(_) => Ok(allowed),
    }
}

/// Fails where this folder lies in memory (tmpfs and ramfs): nothing there is ever durable, and what it costs is no figure.
pub fn on_a_disk(folder: &Path) -> Result<()> {
    let is_memory = [0x0102_1994, 0x8584_58f6].contains(&statfs(folder)?.f_type);
    ensure!(!is_memory, "{} lies in memory: set TMPDIR to a folder on a disk", folder.display());
    Ok(())
}

/// The resident memory of a process in KiB: now (`VmRSS:`), or the most there ever was (`VmHWM:`).
pub fn memory_kib(pid: i32, what: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)).context("a line of /proc")?;
    Ok(line.trim_matches(|c: char| !c.is_ascii_digit()).parse()?)
}

/// The library that shows a program another wall clock.
pub fn faketime_library() -> Result<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").context("/usr/lib")?;
    folders
        .filter_map(Result::ok)
        .map(|folder| folder.path().join("faketime/libfaketime.so.1"))
        .find(|library| library.exists())
        .context("this test needs libfaketime: apt-get install faketime (scripts/packages.sh does it)")
}

/// A file system of a fixed size in memory; unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// Mounts one.
    pub fn mount(megabytes: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let options = format!("size={megabytes}m,mode=0700");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "jujiale-test"])
            .arg(folder.path())
            .output()
            .context("this test needs `mount`: apt-get install mount")?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
            bail!("this test mounts a small tmpfs and may not ({said}); run it as root (CAP_SYS_ADMIN)");
        }
        Ok(Self { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes zeros until nothing more fits; gives the file back.
    pub fn fill(&self, name: &str) -> Result<PathBuf> {
        use std::io::Write as _;
        let path = self.path().join(name);
        let mut file = std::fs::File::create(&path)?;
        for size in [1 << 20, 4096, 1] {
            let chunk = vec![0_u8; size];
            while file.write_all(&chunk).is_ok() {}
        }
        Ok(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, for the log of a killed platform may still be open.
        let done = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.folder.path().display());
        }
    }
}

/// Changes the records of a platform that does not run.
pub fn sqlite(data: &Path, statement: &str) -> Result<()> {
    need("sqlite3", "sqlite3")?;
    let done = Command::new("sqlite3").arg(data.join("jujiale.db")).arg(statement).output()?;
    if !done.status.success() {
        bail!("sqlite3 says {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_memory_is_no_disk_and_it_is_said_what_to_do() -> Result<()> {
        // On every Linux the one is a tmpfs and the other is not.
        let refused = on_a_disk(Path::new("/dev/shm")).map_err(|error| error.to_string());
        assert_eq!(refused, Err("/dev/shm lies in memory: set TMPDIR to a folder on a disk".to_owned()));
        on_a_disk(Path::new("/proc"))
    }
}
