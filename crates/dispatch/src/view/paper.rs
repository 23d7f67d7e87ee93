//! Pages that are printed: plain HTML without a script, and every word in it escaped.

use model::{SignedDuration, Timestamp};

/// What a printed page may do: be looked at.
pub(crate) const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:14px/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2em auto;max-width:60em;\
    color:#000;background:#fff}h1{font-size:1.5em;margin:0 0 .3em}h2{font-size:1.1em;margin:1.2em 0 .3em;border-bottom:\
    1px solid #000}table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:.2em .5em;text-align:left;\
    vertical-align:top;overflow-wrap:anywhere}td:first-child{white-space:nowrap}td:nth-child(2){min-width:6em}th{background:#eee}.drill{font-size:1.4em;border:3px solid #000;padding:.2em .5em}\
    .big{font-size:1.25em}@media print{body{margin:0;max-width:none;font-size:10.5pt}h2{break-after:avoid}tr{break-inside:avoid}\
    .tight body{font-size:9.5pt;line-height:1.35}.tight h1,.tight p{margin:.2em 0}.tight h2{margin:.6em 0 .2em}.tight th,.tight td{padding:.1em .4em}\
    thead{display:table-header-group}}@page{size:A4;margin:14mm}";

/// A page that grows from above.
#[derive(Debug)]
pub(crate) struct Paper(String);

impl Paper {
    /// A page with this headline.
    pub(crate) fn new(title: &str) -> Self {
        Self::of(title, "")
    }

    /// The same where all of it is to stand on one sheet.
    pub(crate) fn tight(title: &str) -> Self {
        Self::of(title, " class=\"tight\"")
    }

    fn of(title: &str, class: &str) -> Self {
        let title = escaped(title);
        Self(format!(
            "<!doctype html><html lang=\"zh-Hans\"{class}><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style><h1>{title}</h1>\n"
        ))
    }

    /// Begins a part.
    pub(crate) fn part(&mut self, title: &str) {
        self.put(&format!("<h2>{}</h2>\n", escaped(title)));
    }

    /// A paragraph.
    pub(crate) fn say(&mut self, class: &'static str, words: &str) {
        self.put(&format!("<p class=\"{class}\">{}</p>\n", escaped(words)));
    }

    /// What is known, a line each; what is not known is left out.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) {
        self.0.push_str("<table>");
        for (name, words) in facts.iter().filter(|(_, words)| !words.is_empty()) {
            self.put(&format!("<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(words)));
        }
        self.0.push_str("</table>\n");
    }

    /// A table; one without rows says that there is nothing.
    pub(crate) fn table<const N: usize>(
        &mut self,
        heads: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return self.say("none", "无");
        }
        let line = |tag: &str, cells: &[String]| {
            let cells: Vec<String> =
                cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
            let cells = cells.concat();
            format!("<tr>{cells}</tr>")
        };
        self.put(&format!("<table><thead>{}</thead>", line("th", &heads.map(str::to_owned))));
        for row in rows {
            self.0.push_str(&line("td", &row));
        }
        self.0.push_str("</table>\n");
    }

    fn put(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// All of it.
    pub(crate) fn into_text(self) -> String {
        format!("{}</html>\n", self.0)
    }
}

/// Words, and never a tag.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            sign => text.push(sign),
        }
    }
    text
}

/// What the clock on the wall showed, which in China is the same everywhere and all year.
pub(crate) fn clock(moment: Timestamp) -> String {
    let there = moment.checked_add(SignedDuration::from_hours(8)).unwrap_or(moment).to_string();
    there.get(..19).unwrap_or(&there).replace('T', " ")
}

/// The same of what may not have happened.
pub(crate) fn clock_or(moment: Option<Timestamp>, otherwise: &str) -> String {
    moment.map_or_else(|| otherwise.to_owned(), clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_tags() {
        let mut paper = Paper::new("<b>");
        paper.facts(&[("谁", "<script>alert('\"&')</script>".to_owned()), ("空", String::new())]);
        paper.table(["a"], [["<i>".to_owned()]]);
        paper.table(["b"], Vec::<[String; 1]>::new());
        let text = paper.into_text();
        assert!(text.contains("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;"), "{text}");
        assert!(!text.contains("<script") && !text.contains("<b>") && !text.contains("<i>"), "{text}");
        assert!(!text.contains("空") && text.contains("<p class=\"none\">无</p>"), "{text}");
    }

    #[test]
    fn the_clock_is_chinas() {
        assert_eq!(clock("2026-11-23T20:15:04.9Z".parse().expect("a time")), "2026-11-24 04:15:04");
    }
}
