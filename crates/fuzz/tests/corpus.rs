//! The corpus and a bounded number of mutations of it.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Mutations of a target; those of the doors open two connections each, or write to a disk.
const ROUNDS: usize = 4_000;
const ROUNDS_AT_THE_DOOR: usize = 400;
/// What parsers stumble over.
const TOKENS: &[&[u8]] = &[
    b"\0",
    b"\xff\xff\xff\x7f",
    b"{",
    b"[",
    b"\"",
    b"null",
    b"1e999",
    b"-0",
    b"NaN",
    b"\\u0000",
    b"\xed\xa0\x80",
    b"/",
    b"#",
    b"+",
    b"99999999999999999999",
    b"&",
    b"=",
    b"%00",
];

#[expect(clippy::disallowed_methods, reason = "a test has no settings but these two")]
fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().expect("FUZZ_SEED and FUZZ_ROUNDS are numbers"))
}

/// What lies in the folder where cargo-fuzz looks by itself.
fn in_fuzz(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(path)
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = in_fuzz("corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("a folder of seeds")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let read = |path| fs::read(path).expect("a seed");
    files.into_iter().map(read).collect()
}

fn mutate(bytes: &mut Vec<u8>, others: &[Vec<u8>], random: &mut StdRng) {
    let at = random.random_range(0..=bytes.len());
    match random.random_range(0..6) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, random.random()),
        2 => {
            let token = TOKENS[random.random_range(0..TOKENS.len())];
            bytes.splice(at..at, token.iter().copied());
        }
        3 => {
            let other = &others[random.random_range(0..others.len())];
            let from = random.random_range(0..=other.len());
            bytes.splice(at.., other[from..].iter().copied());
        }
        4 => {
            let to = random.random_range(at..=bytes.len());
            bytes.drain(at..to);
        }
        _ if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
        _ => {}
    }
}

/// Says which bytes it were if a target panics.
struct Culprit<'a>(&'a str, &'a [u8], u64);

impl Drop for Culprit<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(target, input, seed) = self;
            eprintln!("{target}, FUZZ_SEED={seed}: {}", input.escape_ascii());
        }
    }
}

fn try_all(target: &str) {
    let seed = number("FUZZ_SEED").unwrap_or_else(rand::random);
    let rounds = if matches!(target, "mqtt" | "websocket" | "phones") { ROUNDS_AT_THE_DOOR } else { ROUNDS };
    let rounds = number("FUZZ_ROUNDS").map_or(rounds, |rounds| usize::try_from(rounds).expect("a number"));
    eprintln!("{target}: FUZZ_SEED={seed} FUZZ_ROUNDS={rounds}");
    let seeds = corpus(target);
    assert!(seeds.len() >= 3, "{target} has too few seeds");
    let mut random = StdRng::seed_from_u64(seed);
    for input in &seeds {
        let _culprit = Culprit(target, input, seed);
        fuzz::run(target, input);
    }
    for _ in 0..rounds {
        let mut input = seeds[random.random_range(0..seeds.len())].clone();
        for _ in 0..random.random_range(1..6) {
            mutate(&mut input, &seeds, &mut random);
        }
        let _culprit = Culprit(target, &input, seed);
        fuzz::run(target, &input);
    }
    fuzz::put_away();
}

/// A file of the libfuzzer's crate as it is; nothing if it is not there.
fn of_libfuzzer(file: &str) -> String {
    fs::read_to_string(in_fuzz(file)).unwrap_or_default()
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            try_all(stringify!($name));
        })*

        #[test]
        fn every_target_is_here_and_has_a_fuzzer() {
            let names: Vec<&str> = fuzz::TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            // Nothing compiles that crate here, for it needs a nightly compiler: it is held to the letter.
            let manifest = of_libfuzzer("Cargo.toml");
            assert_eq!(manifest.matches("[[bin]]").count(), names.len());
            // By the first `cargo fuzz` at the root knows the crate, by the second it is none of the workspace.
            assert!(manifest.contains("[package.metadata]\ncargo-fuzz = true\n"));
            assert!(manifest.contains("\n[workspace]\n"));
            for name in names {
                let file = format!("fuzz_targets/{name}.rs");
                let call = format!("fuzz::run(\"{name}\", input)");
                let fuzzer = format!("#![no_main]\n\nlibfuzzer_sys::fuzz_target!(|input: &[u8]| {call});\n");
                assert_eq!(of_libfuzzer(&file), fuzzer, "{file}");
                let not = "test = false\ndoc = false\nbench = false\n";
                let lines = format!("[[bin]]\nname = \"{name}\"\npath = \"{file}\"\n{not}");
                assert!(manifest.contains(&lines), "fuzz/Cargo.toml lacks\n{lines}");
            }
        }
    };
}

targets! { press fixes fall status answer topic owntracks sealed osmand watching journal bus ladder phones mqtt websocket }
