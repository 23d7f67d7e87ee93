//! What cannot work is refused at the start, in words and without showing a secret.

use crate::servers::{FURTHER, settings};
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use notify::{Sender, Settings};
use std::{error::Error, fmt::Write as _};

fn refusal(toml: &str) -> String {
    let error = Sender::new(&settings(toml), FURTHER).expect_err(toml);
    let (mut said, mut next) = (error.to_string(), error.source());
    while let Some(source) = next {
        write!(said, ": {source}").unwrap();
        next = source.source();
    }
    said
}

const GATEWAY: &[(&str, &str)] = &[
    ("url = ''", "sms.url cannot be used: it is no address"),
    ("url = 'ftp://x.example/'", "sms.url cannot be used: it begins with ftp:"),
    ("url = 'http://x.example/'", "`allow_http` allows it"),
    ("url = 'https://u:secret@x.example/'", "sms.url cannot be used: it holds a user name or a password"),
    ("url = 'https://{to}.example/'", "sms.url cannot be filled: the variable {to} may not stand here"),
    ("url = 'https://x.example:{id}/'", "the variable {id} may not stand here"),
    (
        "url = 'https://x.example/{phone}'",
        "sms.url cannot be filled: there is no variable {phone}; there are {to}",
    ),
    ("fields = { a = '{txt}' }", "sms.fields.a cannot be filled: there is no variable {txt}"),
    ("fields = { a = { b = ['{x}'] } }", "sms.fields.a.b cannot be filled: there is no variable {x}"),
    ("fields = { '{to}' = 1 }", "the variable {to} may not stand here"),
    ("headers = { X = '{key}' }", "sms.headers.X cannot be filled: there is no variable {key}"),
    ("headers = { 'X Y' = 'secret' }", "sms.headers.X Y cannot be used: invalid HTTP header name"),
    ("headers = { X = \"secret\\n\" }", "sms.headers.X cannot be used"),
    ("headers = { Host = 'y.example' }", "sms.headers.Host cannot be used: it is made by the program itself"),
    ("body = '{\"to\": {to}}'", "sms.body is not JSON; variables stand within quotes"),
    ("body = '{\"to\": \"{to}\"'", "sms.body is not JSON"),
    ("body = '{\"to\": \"{too}\"}'", "sms.body.to cannot be filled: there is no variable {too}"),
    ("body = '{}'\nfields = { a = 'b' }", "sms.body cannot be used: it stands alone"),
    ("body = '{}'\ncontent = 'form'", "sms.body cannot be used: it stands alone"),
    (
        "content = 'form'\nfields = { a = ['b'] }",
        "sms.fields.a cannot be used: a form holds texts and numbers only",
    ),
    ("username = 'u'", "sms.username cannot be used"),
    ("success = { at = 'code', equals = 0 }", "sms.success.at cannot be used: a JSON pointer"),
    (
        "success = { at = '/code' }",
        "sms.success cannot be used: success.at and success.equals stand together",
    ),
    ("success = { refused_for_good = [1] }", "values need success.at"),
    ("id_at = 'id'", "sms.id_at cannot be used: a JSON pointer"),
    ("timeout_s = 0", "sms.timeout_s cannot be used: 0 s is not between 1 and 60"),
    ("timeout_s = 61", "sms.timeout_s cannot be used: 61 s"),
    ("ca_file = '/nowhere/ca.pem'", "sms.ca_file: /nowhere/ca.pem cannot be read"),
];

#[test]
fn a_gateway_that_cannot_work_is_refused() {
    for (line, words) in GATEWAY {
        let url = if line.contains("url =") { "" } else { "url = 'https://x.example/'\n" };
        let said = refusal(&format!("[sms]\n{url}{line}"));
        assert!(said.contains(words), "{line}: {said}");
        assert!(!said.contains("secret"), "{line}: {said}");
    }
}

const SECRETS: &str = "secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']";

#[test]
fn a_receiver_that_cannot_work_is_refused() {
    let cases = [
        (
            format!("url = 'http://x.example/'\n{SECRETS}"),
            "webhook.receivers.a cannot be used: it begins with http:",
        ),
        (format!("url = 'http://127.0.0.1/'\n{SECRETS}"), "it begins with http:"),
        (format!("url = 'x.example'\n{SECRETS}"), "it is no address"),
        (format!("url = 'https://u@x.example/'\n{SECRETS}"), "it holds a user name"),
        ("url = 'https://x.example/'\nsecrets = []".to_owned(), "it has no secret"),
        (
            "url = 'https://x.example/'\nsecrets = ['whsec_secret']".to_owned(),
            "webhook.receivers.a cannot be used",
        ),
    ];
    for (toml, words) in cases {
        let said = refusal(&format!("[webhook.receivers.a]\n{toml}"));
        assert!(
            said.contains(words) && !said.contains("secret'") && !said.contains("whsec_s"),
            "{toml}: {said}"
        );
    }
}

#[test]
fn a_mail_server_that_cannot_work_is_refused() {
    let cases = [
        ("host = 'mail.example'\nfrom = 'nobody'", "email.from cannot be used: it is no address"),
        (
            "host = 'mail.example'\nfrom = 'a@b.example'\ntls = 'none'",
            "email.tls cannot be used: without TLS",
        ),
        ("host = '10.0.0.1'\nfrom = 'a@b.example'\ntls = 'none'", "email.tls cannot be used: without TLS"),
        ("host = 'mail.example'\nfrom = 'a@b.example'\nusername = 'u'", "email.username cannot be used"),
        (
            "host = 'mail.example'\nfrom = 'a@b.example'\nca_file = '/nowhere'",
            "email.ca_file: /nowhere cannot be read",
        ),
        ("host = 'mail.example'\nfrom = 'a@b.example'\ntimeout_s = 600", "email.timeout_s cannot be used"),
    ];
    for (toml, words) in cases {
        let said = refusal(&format!("[email]\n{toml}"));
        assert!(said.contains(words), "{toml}: {said}");
    }
}

#[test]
fn an_empty_authority_file_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let toml = format!("[sms]\nurl = 'https://x.example/'\nca_file = '{}'", file.path().display());
    assert!(refusal(&toml).contains("cannot be read: no items found"), "{}", refusal(&toml));
}

#[test]
fn a_word_the_settings_do_not_know_is_refused() {
    for toml in [
        "[fax]",
        "[sms]\nurll = ''",
        "[sms]\nsuccess = { status = ['2xx'] }",
        "[sms]\nsuccess = { status = ['299-200'] }",
        "[sms]\nmethod = 'DELETE'",
        "[webhook]\nallow_networks = ['10.0.0.0/33']",
        "[webhook.receivers.a]\nurl = 'https://x.example/'",
    ] {
        assert!(Figment::new().merge(Toml::string(toml)).extract::<Settings>().is_err(), "{toml}");
    }
}
