//! What a log-in at the doors of handsets opens, as a table for people, made by asking [`Rights`].
//!
//! To add a door: its line here, from the path that it listens on.

use crate::{
    endpoint::WEBSOCKET_PATH,
    http::{OSMAND, OWNTRACKS},
};
use model::HandsetId;
use protocol::{PhoneName, Rights, UpKind};

/// What a handset says on topics of its own.
const SAID: [UpKind; 5] = [UpKind::Press, UpKind::Fix, UpKind::Fall, UpKind::Status, UpKind::Answer];

/// The doors as a table in Markdown: what is open to whom the topic or telephone belongs to, and to any other handset. A session of
/// the interface is none of them.
pub fn doors_in_words() -> String {
    let head = "| door | asked for | by the handset whose it is | by another |\n|---|---|---|---|\n";
    let mut lines = vec![head.to_owned()];
    let (Ok(own), Ok(other), Ok(phone)) =
        (HandsetId::new("HANDSET"), HandsetId::new("OTHER"), PhoneName::new("USER", "DEVICE"))
    else {
        return lines.concat();
    };
    let asked = [Rights::new(own, vec![phone.clone()]), Rights::new(other, Vec::new())];
    let mqtt = format!("MQTT over TCP, TLS and websocket (`{WEBSOCKET_PATH}`)");
    let mut put = |door: &str, what: String, is_open: &dyn Fn(&Rights) -> bool| {
        let [own, other] = asked.each_ref().map(|rights| if is_open(rights) { "yes" } else { "–" });
        lines.push(format!("| {door} | {what} | {own} | {other} |\n"));
    };
    let said = SAID.into_iter().map(|kind| format!("jjl/HANDSET/{}", kind.as_str()));
    for topic in said.chain([phone.topic()]) {
        put(&mqtt, format!("publish `{topic}`"), &|rights| rights.publishes(&topic).is_ok());
    }
    for filter in ["jjl/HANDSET/down/#".to_owned(), phone.command_topic(), "#".to_owned()] {
        put(&mqtt, format!("subscribe `{filter}`"), &|rights| rights.reads(&filter));
    }
    put(&format!("`POST {OWNTRACKS}`"), format!("a message of {phone}"), &|rights| rights.has_phone(&phone));
    // An id is one handset's, and whoever shows it is its telephone: there are no rights besides.
    put(&format!("`GET {OSMAND}`, `POST {OSMAND}`"), "a report under an id".to_owned(), &|rights| {
        rights.has_phone(&phone)
    });
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table that people read is the one the code gives.
    #[test]
    fn the_docs_have_the_doors() {
        let (docs, doors) = (include_str!("../../../docs/access.md"), doors_in_words());
        assert!(
            docs.contains(&doors),
            "docs/access.md is not up to date; its table of doors must be:\n\n{doors}"
        );
    }

    #[test]
    fn nothing_is_open_to_another_handset() {
        let doors = doors_in_words();
        let lines: Vec<&str> = doors.lines().skip(2).collect();
        assert_eq!(lines.len(), SAID.len() + 6);
        for line in lines {
            assert!(line.ends_with("| – |"), "{line}");
            assert_eq!(line.ends_with("| – | – |"), line.contains("subscribe `#`"), "{line}");
        }
    }
}
