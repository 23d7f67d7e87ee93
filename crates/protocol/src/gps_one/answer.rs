//! `jjl/<h>/answer`: what became of a command.

use super::fields::Fields;
use super::payload::open_object;
use crate::defect::{Decoded, Defects};

/// The answer to one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The command it answers.
    pub command_id: String,
    /// Done, or yes.
    pub ok: bool,
    /// What the handset adds.
    pub detail: Option<String>,
}

/// Words by which a person says that they are not all right, whatever button was pressed.
const CRIES: [&str; 6] = ["help", "no", "sos", "救命", "不好", "帮"];

impl Answer {
    /// Whether a person who was asked says that they are all right. Doubt is a no.
    pub fn is_yes(&self) -> bool {
        let detail = self.detail.as_deref().unwrap_or_default().trim().to_lowercase();
        let cries = |cry: &&str| detail == *cry || (!cry.is_ascii() && detail.contains(*cry));
        self.ok && !CRIES.iter().any(cries)
    }
}

/// Reads the payload of an answer topic. An answer that does not say to what, or whether it is a yes, is none.
pub fn decode_answer(payload: &[u8]) -> Decoded<Option<Answer>> {
    let mut defects = Defects::default();
    let Ok((object, cut_off)) = open_object(payload, &mut defects) else {
        return defects.with(None);
    };
    let mut fields = Fields::new(&object, "", &mut defects);
    for key in ["command_id", "ok"] {
        if fields.get(key).is_none() {
            fields.refuse(key, "is missing");
        }
    }
    let command_id = fields.text("command_id");
    let ok = fields.flag("ok");
    let detail = fields.text("detail");
    let is_id_whole = !cut_off && !defects.touch("command_id");
    let answer = match (command_id, ok) {
        (Some(command_id), Some(ok)) if is_id_whole => Some(Answer { command_id, ok, detail }),
        (_, _) => None,
    };
    defects.with(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_one() {
        let answer = |ok: bool, detail: Option<&str>| {
            Answer { command_id: "ask-1".to_owned(), ok, detail: detail.map(str::to_owned) }.is_yes()
        };
        assert!(answer(true, None) && answer(true, Some("yes")) && answer(true, Some("没事")));
        for (ok, detail) in
            [(false, None), (false, Some("yes")), (true, Some(" Help ")), (true, Some("救命啊"))]
        {
            assert!(!answer(ok, detail), "{ok} {detail:?}");
        }
    }

    #[test]
    fn an_answer_says_to_what_and_whether() {
        let decoded = decode_answer(br#"{"command_id":7,"ok":"true","detail":"ringing"}"#);
        let expected = Answer { command_id: "7".to_owned(), ok: true, detail: Some("ringing".to_owned()) };
        assert_eq!(decoded, Decoded { message: Some(expected), defects: vec![] });
        for payload in
            ["", "yes", "{}", r#"{"command_id":"c"}"#, r#"{"ok":true}"#, r#"{"command_id":"c","ok":2}"#]
        {
            let decoded = decode_answer(payload.as_bytes());
            assert!(decoded.message.is_none() && !decoded.defects.is_empty(), "{payload}");
        }
    }
}
