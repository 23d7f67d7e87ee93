//! What strangers can send us, byte by byte: each target takes any bytes and panics if a promise is broken.
//!
//! The same functions are run in two ways:
//! - `cargo test -p fuzz` runs the corpus and a bounded number of mutations of it. It prints its seed; `FUZZ_SEED=…` runs
//!   the same again, `FUZZ_ROUNDS=…` runs longer.
//! - With a nightly compiler and `cargo install cargo-fuzz`, guided by coverage and for as long as you like:
//!   `cargo +nightly fuzz run TARGET` at the root. What it finds new stands in `fuzz/corpus/TARGET`, what breaks a promise in
//!   `fuzz/artifacts/TARGET`.
//!
//! To add a target: write a function here, add it to [`TARGETS`], give it a folder of seeds under `fuzz/corpus`, a file of three
//! lines under `fuzz/fuzz_targets` and its lines in `fuzz/Cargo.toml`, which no test compiles: they are compared word for word. An input that once broke something goes into the corpus and stays there.
#![warn(missing_docs)]

mod decoders;
mod door;
mod phones;
mod watching;

/// A name and what takes the bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets by the names of their corpora.
pub const TARGETS: &[Target] = &[
    ("press", decoders::press),
    ("fixes", decoders::fixes),
    ("fall", decoders::fall),
    ("status", decoders::status),
    ("answer", decoders::answer),
    ("topic", decoders::topic),
    ("owntracks", decoders::owntracks),
    ("sealed", decoders::sealed),
    ("osmand", decoders::osmand),
    ("watching", watching::watching),
    ("journal", decoders::journal),
    ("bus", decoders::bus),
    ("ladder", decoders::ladder),
    ("phones", phones::phones),
    ("mqtt", door::mqtt),
    ("websocket", door::websocket),
];

/// Runs one target by name.
///
/// # Panics
/// If a promise is broken, or there is no such target.
pub fn run(name: &str, input: &[u8]) {
    let found = TARGETS.iter().find(|(target, _)| *target == name);
    let (_, target) = found.expect("a target of this name");
    target(input);
}

/// Removes what targets have kept on disk from one input to the next.
pub fn put_away() {
    phones::put_away();
}
