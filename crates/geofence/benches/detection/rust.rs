//! What was learned, as Rust.

use crate::boost::Learned;
use std::fmt::{self, Write as _};

/// A table as the repository keeps it; formatting is `cargo fmt`'s.
pub(crate) fn table(command: &str, name: &str, learned: &Learned) -> Result<String, fmt::Error> {
    let mut text = format!(
        "//! Written by `{command}`; not by hand.\n\nuse crate::trees::{{Profile, tree}};\n\n{name}: Profile = Profile {{\n    base: {},\n    trees: &[\n",
        digits(learned.base.into())
    );
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

/// Whether two tables are the same, however they are laid out.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect::<String>();
    bare(one) == bare(other)
}
