//! Whatever a text holds, it arrives as that text and as nothing else.

use super::*;
use proptest::prelude::*;

fn gateway(content: Content, method: Method, url: &str) -> GatewaySettings {
    let fields = serde_json::json!({ "to": "{to}", "text": "[{text}]", "ref": "{id}", "flash": 1 });
    let Value::Object(fields) = fields else { unreachable!() };
    GatewaySettings { url: url.into(), method, content, fields, ..GatewaySettings::default() }
}

fn saying(to: &str, text: &str) -> Outgoing {
    Outgoing { to: to.to_owned(), text: text.to_owned(), drill: false, ..sample() }
}

fn recipe(settings: &GatewaySettings) -> Recipe {
    Recipe::new("sms", settings, Known(&[])).unwrap()
}

fn body_of(recipe: &Recipe, message: &Outgoing) -> Bytes {
    let target = recipe.target(message).unwrap();
    recipe.request(&target, message).unwrap().body
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

fn expected(to: &str, text: &str) -> Vec<(String, String)> {
    let mut all = [("flash", "1".to_owned()), ("ref", "sample".to_owned()), ("text", format!("[{text}]"))]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
    all.push(("to".to_owned(), to.to_owned()));
    all.sort();
    all
}

const URL: &str = "https://sms.example/v1/send";

proptest! {
    #[test]
    fn json_parses_back_to_it(to: String, text: String) {
        let fields = recipe(&gateway(Content::Json, Method::Post, URL));
        let read: Value = serde_json::from_slice(&body_of(&fields, &saying(&to, &text))).unwrap();
        prop_assert_eq!(read, serde_json::json!({ "to": to, "text": format!("[{text}]"), "ref": "sample", "flash": 1 }));
        let body = r#"{"a":[{"to":"{to}"},7,null],"text":"[{text}]"}"#;
        let settings = GatewaySettings { body: Some(body.into()), url: URL.into(), ..GatewaySettings::default() };
        let read: Value = serde_json::from_slice(&body_of(&recipe(&settings), &saying(&to, &text))).unwrap();
        prop_assert_eq!(read, serde_json::json!({ "a": [{ "to": to }, 7, null], "text": format!("[{text}]") }));
    }

    #[test]
    fn a_form_and_a_query_parse_back_to_it(to: String, text: String) {
        let message = saying(&to, &text);
        let form = recipe(&gateway(Content::Form, Method::Post, URL));
        let mut read = pairs(&body_of(&form, &message));
        read.sort();
        prop_assert_eq!(&read, &expected(&to, &text));
        let query = recipe(&gateway(Content::Form, Method::Get, URL));
        let path = query.target(&message).unwrap().path();
        prop_assert_eq!(path.path(), "/v1/send");
        let mut read = pairs(path.query().unwrap().as_bytes());
        read.sort();
        prop_assert_eq!(read, expected(&to, &text));
    }

    #[test]
    fn in_an_address_it_stays_between_its_slashes(text: String) {
        let settings = GatewaySettings {
            url: "https://sms.example/to/{text}/send?again={text}&x=1".into(),
            ..GatewaySettings::default()
        };
        let recipe = recipe(&settings);
        match recipe.target(&saying("1", &text)) {
            Ok(target) => {
                let path = target.path();
                prop_assert_eq!(target.host_text(), "sms.example");
                let segments: Vec<_> = path.path().split('/').collect();
                prop_assert_eq!(segments.len(), 4);
                prop_assert_eq!((segments[1], segments[3]), ("to", "send"));
                let read = pairs(format!("v={}", segments[2]).as_bytes());
                prop_assert_eq!(&read, &[("v".to_owned(), text.clone())]);
                let query = [("again".to_owned(), text), ("x".to_owned(), "1".to_owned())];
                prop_assert_eq!(pairs(path.query().unwrap().as_bytes()), query);
            }
            Err(_) => prop_assert!(text == "." || text == ".."),
        }
    }

    #[test]
    fn in_a_header_it_is_one_line_or_refused(text: String) {
        let mut settings = gateway(Content::Json, Method::Post, URL);
        settings.headers.insert("X-Note".to_owned(), "note {text}".into());
        let recipe = recipe(&settings);
        let message = saying("1", &text);
        let target = recipe.target(&message).unwrap();
        let made = recipe.request(&target, &message);
        let breaks = text.chars().any(|sign| sign.is_ascii_control() && sign != '\t');
        prop_assert_eq!(made.is_err(), breaks);
        if let Ok(request) = made {
            let whole = format!("note {text}");
            prop_assert_eq!(request.headers["x-note"].as_bytes(), whole.as_bytes());
        }
    }
}

#[test]
fn a_step_up_is_no_value_of_a_path() {
    let url = "https://sms.example/a/{to}/send";
    let recipe = recipe(&GatewaySettings { url: url.into(), ..GatewaySettings::default() });
    for (to, refused) in [("..", true), (".", true), ("...", false), ("../..", false), ("a", false)] {
        assert_eq!(recipe.target(&saying(to, "")).is_err(), refused, "{to}");
    }
}
