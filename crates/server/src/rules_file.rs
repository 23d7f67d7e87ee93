//! A file of rules: an object of numbers, in JSON or, if its name ends so, in TOML.

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use geofence::Rules;
use serde_json::Value;
use std::{fs, path::Path};

/// What stands in it.
pub(crate) fn read(path: &Path) -> anyhow::Result<Value> {
    parse(path, &text_of(path)?)
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn parse(path: &Path, text: &str) -> anyhow::Result<Value> {
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_toml {
        let parsed = Figment::from(Toml::string(text)).extract::<Value>();
        return parsed.with_context(|| format!("{} is no TOML", path.display()));
    }
    serde_json::from_str(text).with_context(|| format!("{} is no JSON", path.display()))
}

/// The rules that residents may be watched by.
pub(crate) fn to_work_by(path: &Path) -> anyhow::Result<Rules> {
    let text = text_of(path)?;
    Rules::to_work_by(&parse(path, &text)?).map_err(|error| {
        let line = error.rule().and_then(|name| line_of(&text, name));
        let place = line.map_or_else(String::new, |line| format!(", line {line},"));
        anyhow::Error::new(error).context(format!("{}{place} is not a file of rules", path.display()))
    })
}

/// The line, counted from 1, on which a rule of that name is set.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let is_set = |part: &str| {
        part.split_once(['=', ':']).is_some_and(|(key, _)| key.trim().trim_matches(['"', '\'']) == name)
    };
    let found = text.lines().position(|line| line.split(['{', ',']).any(is_set));
    found.map(|place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_what_is_wrong_is_named() {
        let folder = std::env::temp_dir().join(format!("jujiale-rules-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let read = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            to_work_by(&path).map_err(|error| format!("{error:#}"))
        };
        let toml = "# since the autumn\nversion = \"2026-12\"\nthreshold = 8\nsteps_m = [300, 600.0, 900]\n";
        let json = r#"{"version":"2026-12","threshold":8.0,"steps_m":[300,600,900]}"#;
        let rules = read("now.toml", toml).unwrap();
        assert_eq!((rules.threshold, rules.steps_m), (8.0, [300.0, 600.0, 900.0]));
        assert_eq!(read("now.json", json).unwrap(), rules);
        for (name, text, words) in [
            ("slip.toml", "version = \"a\"\ntreshold = 8\n", "\"treshold\""),
            ("place.toml", "version = \"a\"\n# treshold = 8\n\ntreshold = 8\n", "line 4,"),
            ("place.json", "{\"version\": \"a\",\n \"treshold\": 8}", "line 2,"),
            ("steps.toml", "version = \"a\"\nsteps_m = [\n 1,\n -2,\n 3]\n", "line 2,"),
            ("twice.toml", "version = \"a\"\nthreshold = = 8\n", "line 2"),
            ("word.toml", "version = \"a\"\nthreshold = \"high\"\n", "threshold cannot be read"),
            ("nan.toml", "version = \"a\"\nthreshold = nan\n", "threshold"),
            ("half.toml", "version = \n", "is no TOML"),
            ("half.json", "{", "is no JSON"),
            ("low.json", r#"{"version":"a","battery_low_pct":99}"#, "battery_low_pct is 99"),
            ("unnamed.json", r#"{"threshold":8}"#, "a name of their own"),
        ] {
            let refused = read(name, text).unwrap_err();
            assert!(refused.contains(words) && refused.contains(name), "{name}: {refused}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
