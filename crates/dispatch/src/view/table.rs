//! Tables for people's spreadsheets, as CSV (RFC 4180) or as a workbook.

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number.
    Number(f64),
    /// Words; never a formula.
    Text(String),
}

impl Cell {
    /// A count.
    pub fn count(number: usize) -> Self {
        Self::Number(f64::from(u32::try_from(number).unwrap_or(u32::MAX)))
    }

    fn in_words(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Text(words) => words.clone(),
        }
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self::Text(words.to_owned())
    }
}

impl From<Option<u32>> for Cell {
    fn from(number: Option<u32>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(f64::from(number)))
    }
}

/// A table with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// What its columns are called.
    pub columns: Vec<&'static str>,
    /// Row by row.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// As CSV. Numbers stand as they are, also those below zero.
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::new(&self.columns);
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| match cell {
                    Cell::Text(words) => quoted(words),
                    Cell::Empty | Cell::Number(_) => cell.in_words(),
                })
                .collect();
            csv.0.push_str(&cells.join(","));
            csv.0.push_str("\r\n");
        }
        csv.into_text()
    }
}

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
        let row = vec![Cell::Number(-1.5), "=2".into(), Cell::Empty];
        let sheet = Sheet { name: String::new(), columns: vec!["a", "b", "c"], rows: vec![row] };
        assert_eq!(sheet.to_csv(), "\u{feff}a,b,c\r\n-1.5,\"'=2\",\r\n");
    }
}
