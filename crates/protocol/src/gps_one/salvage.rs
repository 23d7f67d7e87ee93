//! Reads what can be read of a text that is *almost* JSON: cut off in a full buffer, or with `nan` where C printed
//! a number it did not have. A member whose value stands there whole is kept; one that may have lost its end
//! is not, since 33.9 is another village than 33.96. Nothing is guessed and nothing is read twice, so the time is
//! linear in the bytes.

use crate::defect::Defects;
use serde_json::{Map, Value};

/// Deeper than any message here goes; bounds the recursion.
const DEPTH_AT_MOST: u8 = 16;

/// The value at the front, with whether something may be missing that no defect names; `None` when the bytes do
/// not even begin as an object or an array.
pub(crate) fn salvage(bytes: &[u8], defects: &mut Defects) -> Option<(Value, bool)> {
    if !matches!(bytes.first(), Some(b'{' | b'[')) {
        return None;
    }
    let mut scan = Scan { bytes, at: 0, ended: false, doubt: false, defects };
    let value = scan.value("", DEPTH_AT_MOST)?;
    if scan.ended {
        scan.defects.add("payload", "ends in the middle");
    } else if scan.peek().is_some() {
        scan.doubt = true;
        scan.defects.add("payload", "goes on after its end");
    }
    let cut_off = scan.ended || scan.doubt;
    Some((value, cut_off))
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The bytes ended inside a value.
    ended: bool,
    /// Something was passed over that could have been any member.
    doubt: bool,
    defects: &'a mut Defects,
}

impl Scan<'_> {
    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.step();
        }
        self.bytes.get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn broken(&mut self, path: &str, problem: &str) {
        self.defects.add(if path.is_empty() { "payload" } else { path }, problem);
    }

    fn value(&mut self, path: &str, depth: u8) -> Option<Value> {
        let Some(first) = self.peek() else {
            self.ended = true;
            return None;
        };
        match (first, depth.checked_sub(1)) {
            (b'{', Some(depth)) => Some(Value::Object(self.object(path, depth))),
            (b'[', Some(depth)) => Some(Value::Array(self.array(path, depth))),
            (b'{' | b'[', None) => {
                self.broken(path, "is nested too deeply");
                self.skip();
                None
            }
            (b'"', _) => self.text(path).map(Value::String),
            (_, _) => self.scalar(path),
        }
    }

    /// An object, from its brace on; a bracket of the wrong kind ends it too, and belongs to its parent.
    fn object(&mut self, path: &str, depth: u8) -> Map<String, Value> {
        self.step();
        let mut members = Map::new();
        loop {
            match self.peek() {
                None => self.ended = true,
                Some(b'}') => self.step(),
                Some(b']') => self.doubt = true,
                Some(b',') => {
                    self.step();
                    continue;
                }
                Some(b'"') => {
                    self.member(path, depth, &mut members);
                    continue;
                }
                Some(_) => {
                    self.unnamed(path);
                    continue;
                }
            }
            return members;
        }
    }

    fn unnamed(&mut self, path: &str) {
        self.doubt = true;
        self.broken(path, "has a member without a name");
        self.skip();
    }

    fn member(&mut self, path: &str, depth: u8, members: &mut Map<String, Value>) {
        let Some(key) = self.text(path) else {
            self.doubt = true;
            self.skip();
            return;
        };
        let child = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if self.peek() == Some(b':') {
            self.step();
        } else {
            self.broken(&child, "has no value");
            self.skip();
            return;
        }
        if let Some(value) = self.complete_value(&child, depth) {
            members.insert(key, value);
        }
    }

    /// An array, from its bracket on. A broken element leaves a null, so that the others keep their places; one
    /// that was cut off leaves nothing.
    fn array(&mut self, path: &str, depth: u8) -> Vec<Value> {
        self.step();
        let mut elements = Vec::new();
        loop {
            match self.peek() {
                None => self.ended = true,
                Some(b']') => self.step(),
                Some(b'}') => self.doubt = true,
                Some(b',') => {
                    self.step();
                    continue;
                }
                Some(_) => {
                    let element = self.complete_value(&format!("{path}[{}]", elements.len()), depth);
                    if !self.ended {
                        elements.push(element.unwrap_or(Value::Null));
                        continue;
                    }
                }
            }
            return elements;
        }
    }

    /// A value that is followed by what may follow one.
    fn complete_value(&mut self, path: &str, depth: u8) -> Option<Value> {
        let value = self.value(path, depth);
        match self.peek() {
            None | Some(b',' | b'}' | b']') => value,
            Some(_) => {
                if value.is_some() {
                    self.broken(path, "is not JSON");
                }
                self.skip();
                None
            }
        }
    }

    /// A text in quotes; its inside is judged by the JSON parser.
    fn text(&mut self, path: &str) -> Option<String> {
        let start = self.at;
        self.step();
        loop {
            match self.bytes.get(self.at) {
                None => {
                    self.ended = true;
                    return None;
                }
                Some(b'\\') => self.step(),
                Some(b'"') => break,
                Some(_) => {}
            }
            self.step();
        }
        self.step();
        let read = serde_json::from_slice(self.bytes.get(start..self.at)?).ok();
        if read.is_none() {
            self.broken(path, "is not a text");
        }
        read
    }

    /// A number, true, false or null. At the very end of the bytes it may have lost digits, and does not count.
    fn scalar(&mut self, path: &str) -> Option<Value> {
        let start = self.at;
        let goes_on = |byte: &u8| !matches!(byte, b',' | b'}' | b']' | b':') && !byte.is_ascii_whitespace();
        while self.bytes.get(self.at).is_some_and(goes_on) {
            self.step();
        }
        if self.at >= self.bytes.len() {
            self.ended = true;
            return None;
        }
        let read = serde_json::from_slice(self.bytes.get(start..self.at)?).ok();
        if read.is_none() {
            self.broken(path, "is not JSON");
        }
        read
    }

    /// Passes over what cannot be read, to the comma or bracket after it; texts and brackets inside count as one.
    fn skip(&mut self) {
        let mut open: usize = 0;
        loop {
            match self.bytes.get(self.at) {
                None => {
                    self.ended = true;
                    return;
                }
                Some(b',') if open == 0 => return,
                Some(b'{' | b'[') => open = open.saturating_add(1),
                Some(b'}' | b']') => match open.checked_sub(1) {
                    Some(outer) => open = outer,
                    None => return,
                },
                Some(b'"') => {
                    self.skip_text();
                    continue;
                }
                Some(_) => {}
            }
            self.step();
        }
    }

    fn skip_text(&mut self) {
        self.step();
        loop {
            match self.bytes.get(self.at) {
                None => return,
                Some(b'\\') => self.step(),
                Some(b'"') => return self.step(),
                Some(_) => {}
            }
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn salvaged(text: &str) -> (Value, bool) {
        salvage(text.as_bytes(), &mut Defects::default()).unwrap()
    }

    #[test]
    fn what_stands_there_whole_is_kept() {
        for (text, value, cut_off) in [
            (r#"{"press_id":"p-1","seq":4"#, json!({"press_id":"p-1"}), true),
            (r#"{"press_id":"p-1","seq":4,"#, json!({"press_id":"p-1","seq":4}), true),
            (r#"{"press_id":"p-1","seq":4 "#, json!({"press_id":"p-1","seq":4}), true),
            (r#"{"press_id":"p-1","bo"#, json!({"press_id":"p-1"}), true),
            (r#"{"press_id":"p-"#, json!({}), true),
            (r#"{"fix":{"lat":nan,"lon":1.5},"seq":4}"#, json!({"fix":{"lon":1.5},"seq":4}), false),
            (r#"{"seq":4,"battery_pct":1e999}"#, json!({"seq":4}), false),
            (r#"{"a":1 2,"b":3}"#, json!({"b":3}), false),
            (r#"{"a":{"x":"}"}x,"b":3}"#, json!({"b":3}), false),
            (r#"{"a":'1,"b":3}"#, json!({"b":3}), false),
            (r#"{a:1,"b":3}"#, json!({"b":3}), true),
            (r#"{"a","b":3}"#, json!({"b":3}), false),
            (r#"{"b":3}{"b":4}"#, json!({"b":3}), true),
            (r#"{"b":3,}"#, json!({"b":3}), false),
            (r#"[{"a":1},nan,{"a":2}"#, json!([{"a":1},null,{"a":2}]), true),
            (r#"[{"a":1},{"a":2,"#, json!([{"a":1}]), true),
            (r#"{"l":[1,2},"b":3}"#, json!({"l":[1,2]}), true),
            (r#"{"l":[{"a":1],"b":3}"#, json!({"l":[{"a":1}],"b":3}), true),
            (r#"{"a":"\ud800","b":3}"#, json!({"b":3}), false),
        ] {
            assert_eq!(salvaged(text), (value, cut_off), "{text}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_cost_their_member_only() {
        let mut defects = Defects::default();
        let (value, cut_off) = salvage(b"{\"press_id\":\"p\xff\",\"boot\":\"b\"}", &mut defects).unwrap();
        assert_eq!((value, cut_off), (json!({"boot":"b"}), false));
        assert!(defects.touch("press_id"));
    }

    #[test]
    fn nesting_and_length_are_no_attack() {
        let deep = format!(r#"{{"a":{}{},"b":3}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(salvaged(&deep).0.get("b"), Some(&json!(3)));
        let endless = "{\"a\":".repeat(100_000);
        assert!(salvaged(&endless).1);
        let many = format!("[{}", "x,".repeat(500_000));
        assert_eq!(salvaged(&many).0.as_array().unwrap().len(), 500_000);
    }

    #[test]
    fn a_text_that_is_no_object_gives_nothing() {
        assert!(salvage(b"help", &mut Defects::default()).is_none());
        assert!(salvage(b"\xff\xfe", &mut Defects::default()).is_none());
    }
}
