//! What may stand in the settings, and what is said of what may not.

use super::*;

/// The settings as this text says; nothing comes from the environment.
fn read(text: &str) -> Config {
    Figment::from(Toml::string(text)).extract().unwrap()
}

#[test]
fn what_is_kept_for_how_long_by_itself() {
    let config = read("");
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let Terms { incidents, audit, messages } = config.terms();
    assert_eq!((incidents, audit, messages), (days(1_095), days(400), days(90)));
    let Kept { window, tracks } = config.kept();
    assert_eq!((window, tracks), (SignedDuration::from_hours(48), days(90)));
    let set = read("[retention]\nincidents_days = 30\naudit_days = 200\nmessages_days = 7\ntracks_days = 3");
    let Terms { incidents, audit, messages } = set.terms();
    assert_eq!((incidents, audit, messages, set.kept().tracks), (days(30), days(200), days(7), days(3)));
}

/// On both sides of each edge. Of what is refused the setting is named.
#[test]
fn what_cannot_be_served_is_refused_with_the_setting_named() {
    for (text, refused) in [
        ("", None),
        ("[retention]\naudit_days = 189", Some("retention.audit_days")),
        ("[retention]\naudit_days = 190", None),
        ("[retention]\nincidents_days = 0", Some("retention.incidents_days")),
        ("[retention]\nincidents_days = 1", None),
        ("[retention]\nmessages_days = 0", Some("retention.messages_days")),
        ("[retention]\nmessages_days = 1", None),
        ("[retention]\ntracks_days = 0", Some("retention.tracks_days")),
        ("[retention]\ntracks_days = 1", Some("retention.tracks_days")),
        ("[retention]\ntracks_days = 2", None),
        ("[journal]\nwindow_hours = 47", Some("journal.window_hours")),
        ("[journal]\nwindow_hours = 48", None),
        ("[journal]\nwindow_hours = 2160", None),
        ("[journal]\nwindow_hours = 2161", Some("retention.tracks_days")),
        ("[falls]\nanswer_within_s = 0", Some("falls.answer_within_s")),
        ("[falls]\nanswer_within_s = 1", None),
        ("[falls]\nanswer_within_s = 300", None),
        ("[falls]\nanswer_within_s = 301", Some("falls.answer_within_s")),
        ("[watch]\nheartbeat_s = 0", None),
        ("[watch]\nheartbeat_s = 29", Some("watch.heartbeat_s")),
        ("[watch]\nheartbeat_s = 86400", None),
        ("[watch]\nheartbeat_s = 86401", Some("watch.heartbeat_s")),
        ("[monitor]\nheartbeat_every_s = 0", Some("monitor.heartbeat_every_s")),
        ("[monitor]\nheartbeat_every_s = 3600", None),
        ("[monitor]\nheartbeat_every_s = 3601", Some("monitor.heartbeat_every_s")),
        ("[http]\nscreens_per_account = 0", Some("http.screens_per_account")),
        ("[http]\nscreens_per_account = 1", None),
        ("[http]\nmetrics_token = \"0123456789abcde\"", Some("http.metrics_token")),
        ("[http]\nmetrics_token = \"0123456789abcdef\"", None),
        ("[tls]\ncertificate = \"c.pem\"", Some("tls.certificate and tls.key")),
        ("[tls]\nkey = \"k.pem\"", Some("tls.certificate and tls.key")),
        ("[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"", None),
        ("[http]\ntls_listen = \"127.0.0.1:8443\"", Some("http.tls_listen")),
        ("[mqtt]\ntls_listen = \"127.0.0.1:8883\"", Some("mqtt.tls_listen")),
        ("[mqtt]\nwebsocket_tls_listen = \"127.0.0.1:8084\"", Some("mqtt.websocket_tls_listen")),
        ("[mqtt]\nbroker_url = \"mqtt://127.0.0.1\"", Some("mqtt.broker_url")),
        ("[store]\nurl = \"postgres://127.0.0.1/jujiale\"", Some("store.url")),
        ("[store]\nurl = \"sqlite://jujiale.db\"", None),
        ("[bus]\nurl = \"redis://127.0.0.1\"\nprefix = \"no blanks\"", Some("bus.prefix")),
        ("[bus]\nurl = \"redis://127.0.0.1\"", None),
        ("[bus]\nprefix = \"no blanks\"", None),
    ] {
        let said = read(text).check().err().map(|error| format!("{error:#}"));
        match (&said, refused) {
            (None, None) => {}
            (Some(said), Some(setting)) if said.contains(setting) => {}
            (said, expected) => unreachable!("{text:?}: {said:?}, expected {expected:?}"),
        }
    }
}

/// A term that is misspelt, below nothing or no number of days is not taken for the one that stands by itself.
#[test]
fn what_is_misspelt_is_not_passed_over() {
    for text in [
        "[retention]\nincident_days = 30",
        "[retention]\naudit_days = -1",
        "[retention]\naudit_days = \"long\"",
        "[retain]\naudit_days = 400",
    ] {
        assert!(Figment::from(Toml::string(text)).extract::<Config>().is_err(), "{text:?}");
    }
}

/// Commands beside the service read the settings alone, and the service its unit too.
#[test]
fn the_unit_asks_for_settings_that_name_its_own_folder() {
    let unit = include_str!("../../../../packaging/jujiale.service");
    let settings: Vec<&str> = unit
        .lines()
        .filter_map(|line| line.strip_prefix("#   "))
        .filter(|line| line.starts_with('[') || line.contains(" = "))
        .collect();
    let own = unit.lines().find_map(|line| line.strip_prefix("Environment=JJL_DATA__DIR="));
    assert_eq!(read(&settings.join("\n")).data_dir(), Path::new(own.unwrap()));
}
