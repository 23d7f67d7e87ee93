//! The impact sheet against the tables: what is held of people stands in it, column by column.

use anyhow::{Context as _, Result, bail, ensure};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Columns of any table that hold nothing of a person: a place in a log, which key sealed, how often something was changed, and
/// in which transaction.
const OF_ANY_TABLE: &[&str] = &["row_id", "key_id", "version", "written_by"];

/// Columns that hold nothing of a person, by table. Every other one is named in the sheet.
const NOTHING_PERSONAL: &[(&str, &[&str])] = &[
    ("contacts", &["place"]),
    ("handsets", &["change_number"]),
    ("presses", &["full_size"]),
    ("fixes", &["boot", "seq"]),
    ("handset_state", &["clock_ahead_us"]),
    ("incidents", &["drill", "deadline_at_us", "nameless"]),
    ("outbox", &["expires_at_us"]),
    (
        "users",
        &["must_change_password", "totp_key_id", "totp_confirmed", "totp_last_step", "telephone_key_id"],
    ),
    ("sessions", &["expires_at_us"]),
    ("idempotency", &["idempotency_key"]),
    ("phones", &["dialect"]),
    ("fix_log", &["fixes"]),
    ("fix_blocks", &["slot", "fixes"]),
    ("track_hours", &["fixes"]),
    ("consents", &["text_version"]),
    ("invitations", &["expires_at_us"]),
    ("handset_claims", &["expires_at_us"]),
    ("stations", &["on_duty"]),
    ("tasks", &["is_live", "overdue"]),
    ("fences", &["dwell_s", "drawn"]),
    ("zones", &["zone_id", "name", "shape", "dwell_s", "created_at_us", "ended_at_us", "drawn"]),
    ("watch_states", &["fix_place", "message_place", "signal_place", "due_us", "written_at_us"]),
    ("fall_reports", &["raised", "answer_by_us"]),
    ("calls", &["step", "is_life"]),
    ("roster", &["channel"]),
    ("notices", &["channel", "is_life", "goes_first", "due_at_us", "next_at_us", "took_ms", "taken_by"]),
    ("channel_tests", &["channel", "ok", "took_ms"]),
    ("snoozes", &["is_zone"]),
    ("habits", &["through_day"]),
    ("commands", &["expires_at_us"]),
    ("earlier_words", &["outbox_row"]),
];

type Tables = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The columns of each table, as all migrations of both databases leave them.
fn tables() -> Result<Tables> {
    let mut tables = Tables::new();
    for database in ["sqlite", "postgres"] {
        let folder = root().join("crates/store/migrations").join(database);
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file)?;
            let bare: Vec<&str> =
                text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
            for statement in bare.join("\n").split(';') {
                apply(&mut tables, statement.trim()).with_context(|| format!("{}", file.display()))?;
            }
        }
    }
    Ok(tables)
}

fn apply(tables: &mut Tables, statement: &str) -> Result<()> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        ["CREATE", "TABLE", table, ..] => {
            let (_, inside) = statement.split_once('(').context("a table without columns")?;
            let (inside, _) = inside.rsplit_once(')').context("a table without an end")?;
            tables.entry((*table).to_owned()).or_default().extend(columns(inside));
        }
        ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] => {
            let of = tables.get_mut(*table).with_context(|| format!("no table {table}"))?;
            of.insert((*column).to_owned());
        }
        ["ALTER", "TABLE", table, "DROP", "COLUMN", column] => {
            let of = tables.get_mut(*table).with_context(|| format!("no table {table}"))?;
            of.remove(*column);
        }
        ["DROP", "TABLE", table] => drop(tables.remove(*table)),
        // How PostgreSQL stores it.
        ["ALTER", "TABLE", _, "ALTER", "COLUMN", _, "SET", "STORAGE", _] => {}
        ["ALTER", ..] => bail!("say here what this does to the columns: {statement}"),
        _ => {}
    }
    Ok(())
}

/// What stands between commas outside of brackets begins with a column's name, or is a rule of the table.
fn columns(inside: &str) -> Vec<String> {
    const RULES: &[&str] = &["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"];
    let (mut depth, mut parts) = (0_usize, vec![String::new()]);
    for sign in inside.chars() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if sign == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(sign);
        }
    }
    let first_words = parts.iter().filter_map(|part| part.split_whitespace().next());
    first_words.filter(|word| !RULES.contains(word)).map(str::to_owned).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Of each table that holds something what its row names, and the tables that hold nothing of a person.
type Named<'a> = (BTreeMap<&'a str, BTreeSet<&'a str>>, BTreeSet<&'a str>);

fn named(sheet: &str) -> Result<Named<'_>> {
    let (_, held) = sheet.split_once("## What is held").context("the sheet says what is held")?;
    let (held, _) = held.split_once("**Beside the database**").context("and what lies beside it")?;
    let (_, none) = held.split_once("Holds none: ").context("and which tables hold none")?;
    let mut rows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in held.lines().filter(|line| line.starts_with("| `")) {
        for table in quoted(line.split(" | ").next().unwrap_or_default()) {
            rows.entry(table).or_default().extend(quoted(line));
        }
    }
    Ok((rows, quoted(none.split("\n\n").next().unwrap_or_default()).collect()))
}

fn is_nothing_personal(table: &str, column: &str) -> bool {
    let mut of_it = NOTHING_PERSONAL.iter().filter(|(name, _)| *name == table);
    OF_ANY_TABLE.contains(&column) || of_it.any(|(_, columns)| columns.contains(&column))
}

#[test]
fn every_column_is_named_in_the_sheet() -> Result<()> {
    let sheet = std::fs::read_to_string(root().join("docs/privacy.md"))?;
    let ((rows, none), tables) = (named(&sheet)?, tables()?);
    ensure!(tables.len() > 40, "{tables:?}");
    let mut wrong = Vec::new();
    for (table, columns) in tables.iter().filter(|(table, _)| !none.contains(table.as_str())) {
        let Some(row) = rows.get(table.as_str()) else {
            wrong.push(format!(
                "docs/privacy.md says nothing of the table {table}: what it holds, or that it holds none"
            ));
            continue;
        };
        let silent = columns.iter().filter(|column| !row.contains(column.as_str()));
        let silent = silent.filter(|column| !is_nothing_personal(table, column));
        wrong.extend(
            silent.map(|column| format!("docs/privacy.md does not name {table}.{column} in its row")),
        );
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// A table that names a resident, or an incident that does.
#[test]
fn what_names_a_resident_is_in_the_copy_or_it_is_said_why_not() -> Result<()> {
    let sheet = std::fs::read_to_string(root().join("docs/privacy.md"))?;
    let (_, copy) = sheet.split_once("**A copy**").context("the sheet says what is in the copy")?;
    let (copy, _) = copy.split_once("**Who looked**").context("and where that ends")?;
    let said: BTreeSet<&str> = quoted(copy).collect();
    let names =
        |columns: &BTreeSet<String>| columns.contains("resident_id") || columns.contains("incident_id");
    let tables = tables()?;
    let silent: Vec<&String> = tables
        .iter()
        .filter(|(table, columns)| names(columns) && !said.contains(table.as_str()))
        .map(|(table, _)| table)
        .collect();
    ensure!(tables.values().filter(|columns| names(columns)).count() > 25, "they are found");
    ensure!(silent.is_empty(), "docs/privacy.md does not say whether {silent:?} are in the copy");
    Ok(())
}

/// Nothing is passed over that is not there any more, under whose name something else may come.
#[test]
fn what_is_passed_over_is_there() -> Result<()> {
    let tables = tables()?;
    for (table, columns) in NOTHING_PERSONAL {
        let known = tables.get(*table).with_context(|| format!("no table {table}"))?;
        let gone: Vec<_> = columns.iter().filter(|column| !known.contains(**column)).collect();
        ensure!(gone.is_empty(), "{table} has no {gone:?}");
    }
    Ok(())
}
