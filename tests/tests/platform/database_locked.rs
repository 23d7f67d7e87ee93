//! Another program locks the database for ten seconds: operators see the press, the handset gets no lie.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};
use tests::{Live, PATIENCE, Platform, clock, handset::press, live, tools, until};
use tokio::time::{Instant, sleep_until};

const LOCKED_FOR: Duration = Duration::from_secs(10);
/// How often in a long run.
const LOCKS_SOAK: usize = 20;
/// Two seconds without a commit, and what the way to a screen may take on a busy machine.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// `sqlite3` with a transaction open.
pub(crate) struct Lock {
    child: Child,
    say: ChildStdin,
}

impl Lock {
    pub(crate) fn take(database: &Path) -> Result<Self> {
        tools::need("sqlite3", "sqlite3")?;
        let mut child = Command::new("sqlite3")
            .args(["-cmd", ".timeout 5000"])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut say = child.stdin.take().context("no way in")?;
        writeln!(say, "BEGIN IMMEDIATE;\nSELECT 'locked';")?;
        let mut heard = String::new();
        BufReader::new(child.stdout.take().context("no way out")?).read_line(&mut heard)?;
        ensure!(heard.trim() == "locked", "sqlite3 says {heard:?}");
        Ok(Self { child, say })
    }

    pub(crate) fn release(mut self) -> Result<()> {
        writeln!(self.say, "ROLLBACK;\n.exit")?;
        self.child.wait()?;
        Ok(())
    }
}

#[tokio::test]
async fn operators_see_the_press_unsaved_and_the_receipt_waits_for_the_disk() -> Result<()> {
    clock::again(LOCKS_SOAK, locked_once).await
}

async fn locked_once() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let colleague = platform.log_in("operator2").await?;
    let handset = platform.handset("demo-0030").await?;
    let lock = Lock::take(&platform.database()?)?;
    let locked_at = Instant::now();
    let payload = press("locked", "b", 1).to_string();
    ensure!(handset.send("press", payload.clone()), "not sent");

    let is_shown = |shown: &Value| live::unsaved(shown) && live::shows(shown, "locked");
    let (shown, shown_at) = screen.next_incident("the press unsaved", SHOWN_WITHIN, is_shown).await?;
    eprintln!("shown unsaved after {:?}", shown_at - locked_at);
    ensure!(shown["id"].as_str().is_some_and(|id| id.starts_with("unsaved:")), "{shown}");
    ensure!(shown["resident"]["name"].is_string() && shown["state"] == "raised", "{shown}");
    // Whoever comes to the desk now sees it too.
    let newcomer = Live::open(&colleague, None).await?.snapshot().await?;
    let queue = newcomer["incidents"].as_array().context("a queue")?;
    ensure!(queue.iter().any(|incident| incident["id"] == shown["id"]), "{newcomer}");
    let refused = operator.claim(&shown).await?;
    ensure!(refused.is_problem(503) && refused.body["code"] == "not_on_disk", "{refused:?}");
    until("health says so", PATIENCE, async || {
        Ok(platform.has_problem("store_unavailable").await?.then_some(()))
    })
    .await?;
    // The handset does what it does unreceipted: it presses on.
    ensure!(handset.send("press", payload), "not sent again");
    sleep_until(locked_at + LOCKED_FOR).await;
    ensure!(handset.receipts("locked") == 0 && handset.acknowledged() == 0, "{:?}", handset.down.all());
    lock.release()?;

    let released_at = Instant::now();
    handset.receipt("locked", 1).await?;
    eprintln!("receipted {:?} after the lock", released_at.elapsed());
    let (incident, _) = screen.press("locked").await?;
    let is_gone = |frame: &Value| frame["id"] == shown["id"] && frame["state"] == "closed";
    screen.next_incident("the unsaved one withdrawn", PATIENCE, is_gone).await?;
    until("both acknowledged", PATIENCE, async || Ok((handset.acknowledged() == 2).then_some(()))).await?;
    let all = operator.incidents("all").await?;
    ensure!(all.len() == 1 && live::signals(&all[0]).len() == 1, "{all:?}");
    ensure!(all[0]["id"] == incident["id"] && all[0]["unsaved"] == false, "{all:?}");
    until("health is well again", PATIENCE, async || {
        Ok((!platform.has_problem("store_unavailable").await?).then_some(()))
    })
    .await
}

/// Longer than a screen's session is looked at and renewed.
const LOCKED_FOR_LONG: Duration = Duration::from_secs(35);

#[tokio::test]
async fn a_screen_stays_open_and_hears_of_presses_through_a_long_lock() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0031").await?;
    let lock = Lock::take(&platform.database()?)?;
    sleep_until(Instant::now() + LOCKED_FOR_LONG).await;
    ensure!(handset.send("press", press("late-in-the-lock", "b", 1).to_string()), "not sent");
    let is_shown = |shown: &Value| live::unsaved(shown) && live::shows(shown, "late-in-the-lock");
    screen.next_incident("the press unsaved", SHOWN_WITHIN, is_shown).await?;
    lock.release()?;
    screen.press("late-in-the-lock").await?;
    Ok(())
}
