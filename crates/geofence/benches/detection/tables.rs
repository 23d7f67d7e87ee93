//! Writing what was learned as the tables of the detector.

use crate::{Failure, boost::Learned};
use geofence::falls::Worn;
use std::{fmt::Write as _, fs, path::PathBuf};

fn path(worn: Worn) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/falls/weights/{}.rs", worn.as_str()))
}

/// The table as Rust, formatted as the repository is.
fn text(learned: &Learned) -> Result<String, Failure> {
    let mut text = String::from(
        "//! Written by `make train-detection`; not by hand.\n\nuse crate::falls::trees::{Profile, tree};\n\n",
    );
    writeln!(
        text,
        "pub(super) const PROFILE: Profile = Profile {{\n    base: {},\n    trees: &[",
        digits(learned.base.into())
    )?;
    for tree in &learned.trees {
        let questions: Vec<String> = tree
            .questions
            .iter()
            .map(|(measure, limit)| format!("({measure}, {})", digits(*limit)))
            .collect();
        let leaves: Vec<String> = tree.leaves.iter().map(|leaf| digits(i64::from(*leaf))).collect();
        writeln!(text, "        tree(&[{}], &[{}]),", questions.join(", "), leaves.join(", "))?;
    }
    text.push_str("    ],\n};\n");
    Ok(text)
}

/// Groups of three, as the lints want long numbers.
fn digits(number: i64) -> String {
    let plain = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (nth, digit) in plain.chars().enumerate() {
        if nth > 0 && plain.len() > 4 && (plain.len() - nth).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    if number < 0 { format!("-{grouped}") } else { grouped }
}

/// Whether the table in the repository is this one, however it is laid out.
pub(crate) fn is_current(worn: Worn, learned: &Learned) -> Result<bool, Failure> {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect::<String>();
    Ok(bare(&fs::read_to_string(path(worn))?) == bare(&text(learned)?))
}

/// Writes the table of a profile.
pub(crate) fn write(worn: Worn, learned: &Learned) -> Result<(), Failure> {
    Ok(fs::write(path(worn), text(learned)?)?)
}
