//! kill -9 proves nothing about a power cut. The system calls do: between the arrival of a press and its PUBACK the
//! journal of the database is synced to the disk.

use anyhow::{Context as _, Result, ensure};
use std::{collections::HashMap, path::Path};
use tests::{
    PATIENCE, Platform, Setup,
    handset::press,
    tools, until,
    wire::{Version, Wire},
};

const CALLS: &str = "trace=fsync,fdatasync,read,recvfrom,readv,recvmsg,write,writev,sendto,sendmsg";
const PRESSES: u16 = 5;
/// Synced files whose names end like this hold committed presses.
const JOURNAL: &str = "-wal>";

#[tokio::test]
async fn the_journal_is_synced_between_a_press_and_its_puback() -> Result<()> {
    tools::need("strace", "strace")?;
    let folder = tempfile::tempdir()?;
    let trace = folder.path().join("trace");
    let trace_path = trace.display().to_string();
    // -D: the platform stays our own child; strace watches from beside it and ends with it.
    let wrapper = ["strace", "-D", "-f", "-tt", "-yy", "-s", "400", "-e", CALLS, "-o", &trace_path];
    let wrapper = wrapper.map(str::to_owned).to_vec();
    let mut platform = Platform::start_with(Setup { wrapper, ..Setup::default() }).await?;
    let listening = platform.handset("demo-0060").await?;
    let mut wire = Wire::connect(platform.mqtt_port()?, Version::V3, "demo-0060").await?;
    for nth in 1..=PRESSES {
        let payload = press(&format!("traced-{nth}"), "b", nth.into()).to_string();
        wire.publish("jjl/demo-0060/press", 1, nth, payload.as_bytes()).await?;
        listening.receipt(&format!("traced-{nth}"), 1).await?;
    }
    platform.stop().await?;
    let calls = until("the whole trace", PATIENCE, async || {
        let calls = completed_calls(&trace)?;
        let is_last = |call: &Call| call.arrives(&format!("traced-{PRESSES}"));
        Ok(calls.iter().any(is_last).then_some(calls))
    })
    .await?;
    for nth in 1..=PRESSES {
        synced_in_between(&calls, nth)?;
    }
    Ok(())
}

/// A system call, in the order of completion.
struct Call {
    name: String,
    text: String,
}

impl Call {
    fn is_one_of(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    fn arrives(&self, marker: &str) -> bool {
        self.is_one_of(&["read", "recvfrom", "readv", "recvmsg"])
            && self.text.contains("/press")
            && self.text.contains(marker)
    }

    fn syncs_journal(&self) -> bool {
        self.is_one_of(&["fsync", "fdatasync"]) && self.text.contains(JOURNAL) && self.text.ends_with("= 0")
    }

    fn sends(&self, bytes: &str) -> bool {
        self.is_one_of(&["write", "writev", "sendto", "sendmsg"]) && self.text.contains(bytes)
    }

    /// `TCP:[127.0.0.1:1883->127.0.0.1:40000]`.
    fn socket(&self) -> Option<&str> {
        let from = self.text.find("<TCP:[")?;
        let (socket, _) = self.text.get(from..)?.split_once(']')?;
        Some(socket)
    }
}

fn synced_in_between(calls: &[Call], nth: u16) -> Result<()> {
    let marker = format!("\\\"traced-{nth}\\\"");
    let arrived = calls.iter().position(|call| call.arrives(&marker)).context("no call reads the press")?;
    let socket = calls[arrived].socket().context("not a socket")?;
    let later = calls.iter().enumerate().skip(arrived);
    let puback = octal(&[0x40, 0x02, 0x00, u8::try_from(nth)?]);
    let answered = later
        .clone()
        .find(|(_, call)| call.sends(&format!("\"{puback}")) && call.socket() == Some(socket))
        .with_context(|| format!("no PUBACK on {socket}"))?
        .0;
    let receipted = later
        .clone()
        .find(|(_, call)| call.sends("down/receipt") && call.sends(&marker))
        .context("no receipt")?
        .0;
    let synced =
        later.clone().find(|(_, call)| call.syncs_journal()).context("the journal is never synced")?.0;
    eprintln!(
        "press {nth}: read at {arrived}, synced at {synced}, PUBACK at {answered}, receipt at {receipted}"
    );
    ensure!(synced < answered, "the PUBACK of press {nth} left before the journal was synced");
    ensure!(synced < receipted, "the receipt of press {nth} left before the journal was synced");
    Ok(())
}

/// Bytes as strace writes them.
fn octal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'\t' => "\\t".to_owned(),
            b'\n' => "\\n".to_owned(),
            b' '..=b'~' => char::from(*byte).to_string(),
            _ => format!("\\{byte:o}"),
        })
        .collect()
}

/// Puts calls together that strace had to write in two parts; the second part is when they were done.
fn completed_calls(trace: &Path) -> Result<Vec<Call>> {
    let text = std::fs::read_to_string(trace)?;
    let mut begun: HashMap<&str, String> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        // The process id stands in a column of five, so more than one space may follow it.
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let Some((_time, rest)) = rest.trim_start().split_once(' ') else { continue };
        if let Some(beginning) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(process, beginning.to_owned());
        } else if let Some((_, end)) = rest.split_once(" resumed>") {
            let beginning = begun.remove(process).unwrap_or_default();
            calls.extend(call(format!("{beginning}{end}")));
        } else {
            calls.extend(call(rest.to_owned()));
        }
    }
    Ok(calls)
}

fn call(text: String) -> Option<Call> {
    let (name, _) = text.split_once('(')?;
    Some(Call { name: name.trim().to_owned(), text })
}
