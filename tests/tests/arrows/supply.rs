//! What may enter the tree, by `deny.toml`, of which `cargo deny check` (`make audit`) holds more: here what needs neither
//! that program nor a network. Licences by what a package says of itself, banned packages, where packages come from.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use std::{collections::BTreeSet, path::Path};

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

fn deny() -> Result<Deny> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml");
    toml::from_str(&std::fs::read_to_string(path)?).context("deny.toml")
}

/// Whether the licences allow it: of an OR one is enough, of an AND all are needed. Older packages write `/` for OR.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    plain.split(" AND ").all(|all| all.split(" OR ").any(|one| allowed.contains(one.trim())))
}

#[test]
fn whatever_is_built_in_may_be_passed_on_and_comes_from_where_it_should() -> Result<()> {
    let (deny, metadata) = (deny()?, super::metadata()?);
    let mut wrong = Vec::new();
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        let (name, licence) = (&package.name, package.license.as_deref().unwrap_or("none"));
        if !is_allowed(licence, &deny.licenses.allow) {
            wrong.push(format!("{name}: the licence {licence} is not in deny.toml"));
        }
        let source = package.source.as_ref().map(ToString::to_string).unwrap_or_default();
        if !deny.sources.allow_registry.iter().any(|from| source == format!("registry+{from}")) {
            wrong.push(format!("{name} comes from {source}"));
        }
        if let Some(ban) = deny.bans.deny.iter().find(|ban| ban.name == **name) {
            wrong.push(format!("{name} is banned: {}", ban.reason));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn of_an_or_one_is_enough_and_of_an_and_all_are_needed() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"].map(str::to_owned).into();
    for (expression, want) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 AND MIT", false),
        ("Apache-2.0 AND ISC", true),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("(GPL-2.0 OR GPL-3.0) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
        ("none", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), want, "{expression}");
    }
}

/// A package that was exchanged for another one does not fit its digest, and cargo and npm refuse it; one without a digest
/// would fit.
#[test]
fn every_package_has_its_digest() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let lock: toml::Value = toml::from_str(&std::fs::read_to_string(root.join("Cargo.lock"))?)?;
    let packages = lock.get("package").and_then(toml::Value::as_array).context("no packages")?;
    let bare = packages.iter().filter(|one| one.get("source").is_some() && one.get("checksum").is_none());
    let mut wrong: Vec<String> = bare.map(|one| format!("Cargo.lock: {one:?} has no checksum")).collect();
    let lock = std::fs::read_to_string(root.join("dashboards/package-lock.json"))?;
    let lock: serde_json::Value = serde_json::from_str(&lock)?;
    let packages = lock["packages"].as_object().context("no packages")?;
    ensure!(packages.len() > 100, "{} packages", packages.len());
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        if !package["integrity"].is_string() {
            wrong.push(format!("package-lock.json: {name} has no integrity"));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
