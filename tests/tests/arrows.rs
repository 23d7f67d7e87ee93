//! The arrows between the crates point down, the pure ones stay pure, and the tree stays small.

#[path = "arrows/supply.rs"]
mod supply;

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, PackageId};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

/// The layers from above. A crate may use what stands in a layer below its own.
const LAYERS: &[&[&str]] = &[
    &["server"],
    &["ingest", "watch", "dispatch", "records"],
    &["store", "bus", "notify"],
    &["protocol", "geofence", "incident", "access"],
    &["model"],
];
/// Beside the layers, with all that they may use of them. The binary starts the simulator.
const BESIDE: &[(&str, &[&str])] = &[
    ("firmware-sim", &["protocol", "model"]),
    ("simulation", &["protocol", "incident", "model"]),
    ("fuzz", &["ingest", "store", "bus", "protocol", "geofence", "incident", "model"]),
    ("tests", &[]),
];
const SERVER_ALSO: &str = "firmware-sim";
const PURE: &[&str] = &["protocol", "geofence", "incident", "access", "model"];
const IMPURE: &[&str] = &["tokio", "axum", "sqlx", "redis", "rumqttc", "rand", "getrandom"];
/// Ours and everybody else's, of what runs where the platform runs. A new one must be worth a place, or another one goes.
const SHIPPED_AT_MOST: usize = 315;
/// The same with what the tests need. The ten that rumqttc's TLS and websocket bring stand for a client that nobody here wrote.
const PACKAGES_AT_MOST: usize = 340;
const BUILT_FOR: &str = "x86_64-unknown-linux-gnu";

fn metadata() -> Result<Metadata> {
    tree(&[])
}

fn tree(further: &[&str]) -> Result<Metadata> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = MetadataCommand::new();
    // Each crate as it is by itself: default features, and no more.
    command.manifest_path(manifest).features(CargoOpt::SomeFeatures(Vec::new()));
    let words = ["--locked", "--offline"].iter().chain(further);
    command.other_options(words.map(|word| (*word).to_owned()).collect::<Vec<_>>());
    command.exec().context("cargo metadata")
}

/// Our crates and which of them each uses outside its tests.
fn arrows(metadata: &Metadata) -> BTreeMap<&str, BTreeSet<&str>> {
    let ours = metadata.workspace_packages();
    let names: BTreeSet<&str> = ours.iter().map(|package| package.name.as_str()).collect();
    ours.iter()
        .map(|package| {
            let used = package.dependencies.iter().filter(|used| used.kind != DependencyKind::Development);
            let used = used.map(|used| used.name.as_str()).filter(|name| names.contains(name));
            (package.name.as_str(), used.collect())
        })
        .collect()
}

fn layer_of(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[test]
fn arrows_point_down() -> Result<()> {
    let metadata = metadata()?;
    let mut wrong = Vec::new();
    for (name, used) in arrows(&metadata) {
        let may = |other: &str| match (layer_of(name), layer_of(other)) {
            (Some(own), Some(below)) => own < below,
            (Some(_), None) => name == "server" && other == SERVER_ALSO,
            (None, _) => BESIDE.iter().any(|(beside, uses)| *beside == name && uses.contains(&other)),
        };
        wrong.extend(used.into_iter().filter(|other| !may(other)).map(|other| format!("{name} -> {other}")));
        if layer_of(name).is_none() && !BESIDE.iter().any(|(beside, _)| *beside == name) {
            wrong.push(format!("{name} stands in no layer: give it a place here and in ARCHITECTURE.md"));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn incident_and_geofence_never_see_each_other() -> Result<()> {
    let metadata = metadata()?;
    for (name, other) in [("incident", "geofence"), ("geofence", "incident")] {
        ensure!(!reaches(&metadata, name)?.contains(other), "{name} reaches {other}");
    }
    Ok(())
}

#[test]
fn pure_crates_are_pure_all_the_way_down() -> Result<()> {
    let metadata = metadata()?;
    for name in PURE {
        let reached = reaches(&metadata, name)?;
        let impure: Vec<_> = IMPURE.iter().filter(|impure| reached.contains(**impure)).collect();
        ensure!(impure.is_empty(), "{name} reaches {impure:?}");
    }
    Ok(())
}

/// Every package that this one needs to be built into a program, however far down.
fn reaches(metadata: &Metadata, name: &str) -> Result<BTreeSet<String>> {
    let resolve = metadata.resolve.as_ref().context("no resolved tree")?;
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let ours = metadata.workspace_packages();
    let mut waiting: Vec<&PackageId> =
        ours.iter().filter(|package| package.name.as_str() == name).map(|package| &package.id).collect();
    let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(node) = nodes.get(id).filter(|_| seen.insert(id)) else { continue };
        let is_normal = |used: &&cargo_metadata::NodeDep| {
            used.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        };
        waiting.extend(node.deps.iter().filter(is_normal).map(|used| &used.pkg));
    }
    let named = metadata.packages.iter().filter(|package| seen.contains(&package.id));
    Ok(named.map(|package| package.name.to_string()).filter(|found| found != name).collect())
}

/// What is built on the machines it runs on; the lock file has those of other systems too.
#[test]
fn the_tree_stays_small() -> Result<()> {
    let built = tree(&["--filter-platform", BUILT_FOR])?;
    let packages = built.resolve.as_ref().context("no resolved tree")?.nodes.len();
    eprintln!("{packages} packages");
    ensure!(packages <= PACKAGES_AT_MOST, "{packages} packages, {PACKAGES_AT_MOST} are the ceiling");
    let shipped = shipped()?;
    eprintln!("{} packages shipped", shipped.len());
    ensure!(
        shipped.len() <= SHIPPED_AT_MOST,
        "{} packages, {SHIPPED_AT_MOST} are the ceiling",
        shipped.len()
    );
    Ok(())
}

/// What the platform and the simulator are built of, each with the features it has there.
fn shipped() -> Result<BTreeSet<String>> {
    let words = ["tree", "-p", "server", "-p", "firmware-sim", "-e", "normal,build", "--target", BUILT_FOR];
    let listed = ["--prefix", "none", "--format", "{p}", "--offline", "--locked"];
    let mut cargo = Command::new(env!("CARGO"));
    let told = cargo.args(words).args(listed).current_dir(env!("CARGO_MANIFEST_DIR")).output()?;
    ensure!(told.status.success(), "cargo tree: {}", String::from_utf8_lossy(&told.stderr));
    let lines = String::from_utf8(told.stdout)?;
    let name = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Ok(lines.lines().map(name).collect())
}
