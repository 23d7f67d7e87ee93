//! That nothing is built in which was exchanged on its way. What may be built in at all is `deny.toml`'s, which cargo-deny holds
//! (`make test`, `make audit`).

use anyhow::{Context as _, Result, ensure};
use std::path::Path;

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
