//! `jujiale account`: who may log in, entered by whoever keeps the machine; also the first account of all.

use crate::{config::Config, on_record::by_hand};
use access::Role;
use anyhow::{Context as _, ensure};
use model::{Division, StationId, Timestamp};
use std::io::{IsTerminal as _, Write as _};
use store::{Account, AddUser, AuditRow, Clock, Database, Kind, Store, secrets};
use tokio_util::sync::CancellationToken;

/// The account to be made.
#[derive(Debug, clap::Args)]
pub(crate) struct NewAccount {
    /// The name to log in with.
    username: String,
    /// What it is for: operator, supervisor, station, relative, admin, auditor, or service for another program.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The name others see; usually the person's own.
    #[arg(long)]
    name: String,
    /// The code of the division whose residents it is for: 6 digits a district, 9 a township, 12 a community.
    #[arg(long, value_name = "CODE", value_parser = |code: &str| Division::new(code))]
    scope: Option<Division>,
    /// Of station staff: the id of the station where they work.
    #[arg(long, value_name = "ID", value_parser = |id: &str| StationId::new(id))]
    station: Option<StationId>,
    /// The password is the owner's own choice and need not be changed at the first log-in.
    #[arg(long)]
    keep_password: bool,
}

fn role(name: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::as_str).join(", ");
    Role::from_name(name).ok_or_else(|| format!("there is no such role; these are: {}", known()))
}

/// Adds it. Its password is the first line of standard input.
pub(crate) async fn add(config: &Config, kind: Kind, new: NewAccount) -> anyhow::Result<()> {
    ensure!(
        is_username(&new.username),
        "a user name is 1 to 64 letters, digits, dots, dashes and underlines"
    );
    ensure!(!dispatch::is_reserved(&new.username), "this name is the platform's own; take another one");
    ensure!(!new.name.trim().is_empty(), "--name is what others see; it cannot be empty");
    let password = read_password()?;
    secrets::is_good_password(&new.username, &password).map_err(anyhow::Error::msg)?;
    let password_hash = secrets::hash_password(&password)?;
    let (username, role) = (new.username.clone(), new.role);
    let account = Account {
        must_change_password: !new.keep_password,
        scope: new.scope,
        station: new.station,
        ..Account::new(new.username, new.name, new.role, password_hash)
    };
    // It may be the first thing done here.
    let data_dir = config.data_dir();
    std::fs::create_dir_all(&data_dir)
        .with_context(|| format!("the data folder {} cannot be made", data_dir.display()))?;
    let is_first = config.has_records().is_err();
    let keys = crate::keys::load(config)?;
    let url = config.store_url();
    let opened = Store::open(&Database::from_url(&url)?, keys, None).await;
    let (store, writer) = opened.with_context(|| format!("the records at {url} cannot be opened"))?;
    let stop = CancellationToken::new();
    let added = async {
        let added = write(&store, kind, account).await;
        stop.cancel();
        added
    };
    tokio::join!(writer.run(stop.clone()), added).1?;
    writeln!(std::io::stdout(), "{username} may log in now, as {}: in {url}", role.as_str())?;
    if is_first {
        writeln!(std::io::stdout(), "{}", told_of_new(&url))?;
    }
    Ok(())
}

/// Whoever meant the records of a platform that runs has made others.
fn told_of_new(url: &str) -> String {
    format!(
        "There were no records, so they were made there just now, with keys. A platform whose records are elsewhere than {url} knows \
         nothing of this account: its folder is [data] dir of the settings (--config FILE), or JJL_DATA__DIR"
    )
}

async fn write(store: &Store, kind: Kind, account: Account) -> anyhow::Result<()> {
    let now = Clock::start().now();
    store.found(kind, now).await?;
    let username = account.username.clone();
    ensure!(store.account(&username).await?.is_none(), "there is an account {username} already");
    let audit = vec![audit(&account, now)];
    store.write(AddUser { account, audit }).await.context("the account was not added")
}

fn audit(account: &Account, at: Timestamp) -> AuditRow {
    by_hand("add_account", &account.username, account.role.as_str().to_owned(), at)
}

fn is_username(name: &str) -> bool {
    let is_plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '-' | '_');
    (1..=64).contains(&name.chars().count()) && name.chars().all(is_plain)
}

fn read_password() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        writeln!(std::io::stderr(), "the password (it is seen as you type):")?;
    }
    let mut line = String::new();
    stdin.read_line(&mut line).context("standard input is not text")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
