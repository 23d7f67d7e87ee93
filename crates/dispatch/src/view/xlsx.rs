//! A workbook as spreadsheets read it (Office Open XML).
//!
//! Words stand in a cell as words, so that none is ever taken for a formula or a link, and numbers as numbers.

use super::table::{Cell, Sheet};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

/// What a sheet's name may have.
const NAME_SIGNS: usize = 31;
/// What a cell may have; of more the beginning is kept.
const CELL_SIGNS: usize = 32_767;

/// The workbook's bytes. The same figures are the same bytes: all workbooks bear one date.
pub(crate) fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made_at = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet)?;
    }
    workbook.save_to_buffer()
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    worksheet.set_name(name(&sheet.name))?;
    for (column, words) in (0..).zip(&sheet.columns) {
        worksheet.write_string(0, column, *words)?;
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Number(number) if number.is_finite() => {
                    worksheet.write_number(row, column, *number)?;
                }
                Cell::Number(number) => {
                    worksheet.write_string(row, column, number.to_string())?;
                }
                Cell::Text(words) => {
                    let words: String = words.chars().take(CELL_SIGNS).collect();
                    worksheet.write_string(row, column, words)?;
                }
            }
        }
    }
    Ok(())
}

fn name(words: &str) -> String {
    let allowed = |sign: &char| !matches!(sign, ':' | '\\' | '/' | '?' | '*' | '[' | ']' | '\'');
    words.chars().filter(allowed).take(NAME_SIGNS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read as _};

    fn part(workbook: &[u8], path: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
        let mut text = String::new();
        archive.by_name(path).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn sheet() -> Sheet {
        let row = vec![
            Cell::Text("=HYPERLINK(\"http://x\")<\u{1}&\r".to_owned()),
            Cell::Number(1.5),
            Cell::Number(f64::NAN),
            Cell::Empty,
            Cell::Text("http://x.example".to_owned()),
            Cell::Text("长".repeat(CELL_SIGNS + 1)),
        ];
        Sheet { name: "a/b [c]".to_owned(), columns: vec!["x"], rows: vec![row] }
    }

    #[test]
    fn words_are_words_and_numbers_numbers() {
        let bytes = workbook(&[sheet()]).unwrap();
        let (words, cells) = (part(&bytes, "xl/sharedStrings.xml"), part(&bytes, "xl/worksheets/sheet1.xml"));
        assert!(words.contains("=HYPERLINK(\"http://x\")&lt;") && words.contains("&amp;"), "{words:.400}");
        assert!(!cells.contains("<f>") && !cells.contains("hyperlink"), "{cells}");
        assert!(cells.contains("<v>1.5</v>") && words.contains(">NaN<"), "{cells}");
        assert!(part(&bytes, "xl/workbook.xml").contains("name=\"ab c\""));
        assert_eq!(bytes, workbook(&[sheet()]).unwrap(), "the same figures, the same bytes");
    }
}
