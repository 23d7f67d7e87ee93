//! What happened to each press, a line of JSON each, written through at once: the reader may come after a kill.

use crate::handset::{Notice, PressKey};
use anyhow::{Context, Result, anyhow};
use model::{HandsetId, Timestamp};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One line. `event` is `pressed`, `sent`, `acked` (MQTT's acknowledgement) or `receipted`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    at: Timestamp,
    event: &'static str,
    handset: &'a HandsetId,
    press_id: &'a str,
    boot: &'a str,
    seq: u64,
    pressed_at: Timestamp,
    cancel: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sends: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<Timestamp>,
}

impl<'a> Line<'a> {
    fn of(handset: &'a HandsetId, at: Timestamp, notice: &'a Notice) -> Option<Self> {
        let line = |event, press: &'a PressKey| Self {
            at,
            event,
            handset,
            press_id: &press.press_id,
            boot: &press.boot,
            seq: press.seq,
            pressed_at: press.pressed_at,
            cancel: press.cancel,
            sends: None,
            received_at: None,
        };
        match notice {
            Notice::Pressed(press) => Some(line("pressed", press)),
            Notice::PressSent { press, sends } => Some(Self { sends: Some(*sends), ..line("sent", press) }),
            Notice::PressAcked(press) => Some(line("acked", press)),
            Notice::PressReceipted { press, received_at, .. } => {
                Some(Self { received_at: Some(*received_at), ..line("receipted", press) })
            }
            Notice::Connected
            | Notice::Disconnected
            | Notice::Fell(_)
            | Notice::FallSent(_)
            | Notice::Asked(_)
            | Notice::Replied(_)
            | Notice::FallAcked(_)
            | Notice::Told(_)
            | Notice::Progress(_)
            | Notice::FixesSent(_)
            | Notice::FixesAcked(_)
            | Notice::FixesThinned(_)
            | Notice::Rebooted(_)
            | Notice::Unreachable { .. }
            | Notice::Unreadable { .. } => None,
        }
    }
}

/// The file, and the first failure to write it.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    inner: Mutex<(File, Option<io::Error>)>,
}

impl Journal {
    /// Opens the file to append, or makes it.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("open the journal {}", path.display()))?;
        Ok(Self { path: path.to_owned(), inner: Mutex::new((file, None)) })
    }

    /// Writes the line of a notice, if it is about a press.
    pub fn notice(&self, handset: &HandsetId, at: Timestamp, notice: &Notice) {
        if let Some(line) = Line::of(handset, at, notice) {
            let mut inner = self.lock();
            if let Err(error) = write(&mut inner.0, &line) {
                inner.1.get_or_insert(error);
            }
        }
    }

    /// Whether every line was written: a journal with holes would accuse the platform of losing presses.
    pub fn check(&self) -> Result<()> {
        match self.lock().1.take() {
            Some(error) => Err(anyhow!(error).context(format!("write the journal {}", self.path.display()))),
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, (File, Option<io::Error>)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(file: &mut File, line: &Line<'_>) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    // One write a line: a kill of this program leaves whole lines only.
    file.write_all(&bytes)
}
