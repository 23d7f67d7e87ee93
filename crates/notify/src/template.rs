//! Texts with `{variables}` in them.
//!
//! A brace is a variable's only if a word in braces stands there, so that JSON needs no escapes; such a word that is
//! no variable is refused, or a typing error would be read to a family at night. How a value is escaped is not the
//! template's business: where it goes decides that, and every place in `gateway::request` has one way only.

use crate::outgoing::{Outgoing, VARIABLES};

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A word in braces that nobody fills.
    #[error("there is no variable {{{name}}}; there are {known}")]
    Unknown {
        /// The word.
        name: String,
        /// What could stand there.
        known: String,
    },
    /// A variable where none may stand.
    #[error("the variable {{{0}}} may not stand here")]
    NotHere(String),
}

/// The variables there are: those of every message and those the program adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a>(pub(crate) &'a [&'a str]);

impl Known<'_> {
    fn has(self, name: &str) -> bool {
        VARIABLES.contains(&name) || self.0.contains(&name)
    }

    fn list(self) -> String {
        let all = VARIABLES.iter().chain(self.0);
        all.map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Variable(String),
}

/// A text ready to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

impl Template {
    pub(crate) fn parse(text: &str, known: Known<'_>) -> Result<Self, TemplateError> {
        let (mut pieces, mut words, mut rest) = (Vec::new(), String::new(), text);
        while let Some((before, behind)) = rest.split_once('{') {
            words.push_str(before);
            rest = behind;
            let Some((name, after)) = word_in_braces(behind) else {
                words.push('{');
                continue;
            };
            if !known.has(name) {
                return Err(TemplateError::Unknown { name: name.to_owned(), known: known.list() });
            }
            pieces.push(Piece::Words(std::mem::take(&mut words)));
            pieces.push(Piece::Variable(name.to_owned()));
            rest = after;
        }
        words.push_str(rest);
        pieces.push(Piece::Words(words));
        Ok(Self(pieces))
    }

    /// The text with every value put through `escape`.
    pub(crate) fn fill(&self, message: &Outgoing, escape: impl Fn(&str) -> String) -> String {
        let filled = self.0.iter().map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Variable(name) => escape(&message.value(name)),
        });
        filled.collect()
    }

    /// The values as they are, for a place that escapes what it is given.
    pub(crate) fn fill_plain(&self, message: &Outgoing) -> String {
        self.fill(message, str::to_owned)
    }

    /// Its first variable.
    pub(crate) fn variable(&self) -> Option<&str> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Words(_) => None,
            Piece::Variable(name) => Some(name.as_str()),
        })
    }

    /// What stands between the variables.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Words(words) => Some(words.as_str()),
            Piece::Variable(_) => None,
        })
    }
}

/// The word before the next closing brace, and what stands behind it.
fn word_in_braces(behind: &str) -> Option<(&str, &str)> {
    let (inside, after) = behind.split_once('}')?;
    let is_of_word = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.');
    let name = inside.trim();
    (!name.is_empty() && name.chars().all(is_of_word)).then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Channel;
    use model::Timestamp;
    use std::collections::BTreeMap;

    fn message() -> Outgoing {
        Outgoing {
            id: "n-1".to_owned(),
            channel: Channel::Sms,
            to: "+8613800000000".to_owned(),
            subject: String::new(),
            text: "{to} & \"x\"".to_owned(),
            link: None,
            variables: BTreeMap::from([("resident".to_owned(), "王秀英".to_owned())]),
            drill: false,
            made_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn words_in_braces_are_filled_once_and_other_braces_stay() -> Result<(), TemplateError> {
        let known = Known(&["resident", "station"]);
        let cases = [
            ("", ""),
            ("plain", "plain"),
            ("{id}", "n-1"),
            ("{ id }!", "n-1!"),
            ("a{id}{to}b", "an-1+8613800000000b"),
            // What a value holds is never looked at again.
            ("{text}", "{to} & \"x\""),
            ("{resident}/{station}/{link}", "王秀英//"),
            (r#"{"to":"{to}","x":{}}"#, r#"{"to":"+8613800000000","x":{}}"#),
            ("{{id}}", "{n-1}"),
            ("open { and {id", "open { and {id"),
        ];
        for (text, filled) in cases {
            assert_eq!(Template::parse(text, known)?.fill_plain(&message()), filled, "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_word_that_nobody_fills_is_refused_by_name() {
        for (text, name) in
            [("{txt}", "txt"), ("a {Text} b", "Text"), ("{to} {手机}", "手机"), ("{a.b}", "a.b")]
        {
            let refused = Template::parse(text, Known(&["resident"])).unwrap_err();
            let known = "{to} {text} {subject} {link} {id} {channel} {drill} {made_at} {resident}".to_owned();
            assert_eq!(refused, TemplateError::Unknown { name: name.to_owned(), known }, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_template_or_names_the_word_that_is_none(text in "([{} a-z_.-]|\\{id\\}|\\{ resident \\}|手){0,24}") {
            match Template::parse(&text, Known(&["resident"])) {
                Ok(template) => {
                    let words: String = template.words().collect();
                    proptest::prop_assert!(words.len() <= text.len());
                    proptest::prop_assert!(template.words().all(|words| text.contains(words)));
                    let marked = template.fill(&message(), |_value| String::new());
                    proptest::prop_assert_eq!(marked, words, "a value is all that is put in");
                }
                Err(TemplateError::Unknown { name, .. } | TemplateError::NotHere(name)) => {
                    proptest::prop_assert!(text.contains(&name));
                }
            }
        }
    }
}
