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
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_toml {
        let parsed = Figment::from(Toml::string(&text)).extract::<Value>();
        return parsed.with_context(|| format!("{} is no TOML", path.display()));
    }
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

/// The rules that residents may be watched by.
pub(crate) fn to_work_by(path: &Path) -> anyhow::Result<Rules> {
    let value = read(path)?;
    Rules::to_work_by(&value).with_context(|| format!("{} is not a file of rules", path.display()))
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
