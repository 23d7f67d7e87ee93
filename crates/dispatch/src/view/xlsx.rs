//! A workbook as spreadsheets read it (Office Open XML), written by hand: a zip of a few small texts, nothing compressed.
//!
//! A library would bring ten packages for what is written here. Words stand in a cell as words (`inlineStr`), so that none is
//! ever taken for a formula, and numbers as numbers.

use super::table::{Cell, Sheet};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/// What a sheet's name may have.
const NAME_SIGNS: usize = 31;

/// The workbook's bytes.
pub(crate) fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let numbered = || sheets.iter().zip(1..);
    let parts = numbered()
        .map(|(_, n)| {
            format!(
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{TYPE}.worksheet+xml\"/>"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let names = numbered()
        .map(|(sheet, n)| format!("<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>", name(&sheet.name)))
        .collect::<Vec<_>>()
        .concat();
    let links = numbered()
        .map(|(_, n)| {
            format!(
                "<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let mut files = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
                 ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
                 ContentType=\"{TYPE}.sheet.main+xml\"/>{parts}</Types>"
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{names}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{links}</Relationships>"),
        ),
    ];
    files.extend(numbered().map(|(sheet, n)| (format!("xl/worksheets/sheet{n}.xml"), rows(sheet))));
    zip(&files)
}

fn rows(sheet: &Sheet) -> String {
    let head: Vec<Cell> = sheet.columns.iter().map(|column| Cell::Text((*column).to_owned())).collect();
    let all = std::iter::once(&head).chain(&sheet.rows);
    let written: Vec<String> =
        all.map(|row| format!("<row>{}</row>", row.iter().map(cell).collect::<String>())).collect();
    let written = written.concat();
    format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{written}</sheetData></worksheet>")
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "<c/>".to_owned(),
        Cell::Number(number) if number.is_finite() => format!("<c><v>{number}</v></c>"),
        Cell::Number(number) => text(&number.to_string()),
        Cell::Text(words) => text(words),
    }
}

fn text(words: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(words))
}

/// Without what XML may not hold at all.
fn escaped(words: &str) -> String {
    let may_be = |sign: &char| {
        matches!(sign, '\t' | '\n' | '\r') || (*sign >= ' ' && !matches!(sign, '\u{fffe}' | '\u{ffff}'))
    };
    let mut text = String::with_capacity(words.len());
    for sign in words.chars().filter(may_be) {
        match sign {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            // Else a reader makes a line's end of it.
            '\r' => text.push_str("&#13;"),
            sign => text.push(sign),
        }
    }
    text
}

fn name(words: &str) -> String {
    let allowed = |sign: &char| !matches!(sign, ':' | '\\' | '/' | '?' | '*' | '[' | ']' | '\'');
    escaped(&words.chars().filter(allowed).take(NAME_SIGNS).collect::<String>())
}

/// Files one behind the other, none compressed, and the list of them at the end. All bear the first date there is: the same
/// figures are the same bytes.
fn zip(files: &[(String, String)]) -> Vec<u8> {
    let (mut zip, mut list) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let begins = size(zip.len());
        // Version 2.0, names in UTF-8, stored, 1 January 1980.
        let mut about = Vec::new();
        for word in [20_u16, 0x0800, 0, 0, 0x21] {
            about.extend(word.to_le_bytes());
        }
        for number in [crc32(text.as_bytes()), size(text.len()), size(text.len())] {
            about.extend(number.to_le_bytes());
        }
        about.extend(u16::try_from(path.len()).unwrap_or(u16::MAX).to_le_bytes());
        about.extend([0, 0]);
        zip.extend(b"PK\x03\x04");
        zip.extend(&about);
        zip.extend(path.as_bytes());
        zip.extend(text.as_bytes());
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&about);
        // No comment, the first disk, no attributes.
        list.extend([0; 10]);
        list.extend(begins.to_le_bytes());
        list.extend(path.as_bytes());
    }
    let (count, begins, length) =
        (u16::try_from(files.len()).unwrap_or(u16::MAX), size(zip.len()), size(list.len()));
    zip.extend(&list);
    zip.extend(b"PK\x05\x06\x00\x00\x00\x00");
    zip.extend(count.to_le_bytes());
    zip.extend(count.to_le_bytes());
    zip.extend(length.to_le_bytes());
    zip.extend(begins.to_le_bytes());
    zip.extend([0, 0]);
    zip
}

/// A report is never near four gigabytes.
fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The checksum of zip files (IEEE 802.3), bit by bit: reports are small.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip_files() {
        assert_eq!([crc32(b""), crc32(b"123456789")], [0, 0xCBF4_3926]);
    }

    fn sheet() -> Sheet {
        let row = vec![
            Cell::Text("=HYPERLINK(\"http://x\")<\u{1}&\r".to_owned()),
            Cell::Number(1.5),
            Cell::Number(f64::NAN),
            Cell::Empty,
        ];
        Sheet { name: "a/b [c]".to_owned(), columns: vec!["x"], rows: vec![row] }
    }

    #[test]
    fn words_are_words_and_numbers_numbers() {
        let written = rows(&sheet());
        let formula = "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">=HYPERLINK(&quot;http://x&quot;)&lt;&amp;&#13;</t></is></c>";
        assert!(written.contains(formula) && !written.contains("<f>"), "{written}");
        assert!(written.contains("<c><v>1.5</v></c>") && written.contains(">NaN</t>"), "{written}");
        assert_eq!(name(&sheet().name), "ab c");
        let bytes = workbook(&[sheet()]);
        assert!(
            bytes.starts_with(b"PK\x03\x04") && bytes == workbook(&[sheet()]),
            "the same figures, the same bytes"
        );
    }
}
