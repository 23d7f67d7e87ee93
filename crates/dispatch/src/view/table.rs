//! Tables for people's spreadsheets, as CSV (RFC 4180).

/// A table that grows row by row.
#[derive(Debug)]
pub struct Csv(String);

impl Csv {
    /// A table with these columns. It begins with a byte-order mark, by which spreadsheets know UTF-8.
    pub fn new(columns: &[&str]) -> Self {
        let mut csv = Self("\u{feff}".to_owned());
        csv.row(columns);
        csv
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// All of it.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r'])
        || cell.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n']) || is_formula {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_words_and_never_a_formula() {
        for (cell, written) in [
            ("operator", "operator"),
            ("a, b", "\"a, b\""),
            ("she said \"well\"", "\"she said \"\"well\"\"\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+86 138", "\"'+86 138\""),
            (" =1+1", "\"' =1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-1", "\"'-1\""),
            ("\t=1", "\"'\t=1\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), written, "{cell:?}");
        }
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(&["1", "=2"]);
        assert_eq!(csv.into_text(), "\u{feff}a,b\r\n1,\"'=2\"\r\n");
    }
}
