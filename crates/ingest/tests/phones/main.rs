//! Telephones against a hall over a real store: what each dialect becomes on disk, and the HTTP door.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod house;
mod osmand;
mod owntracks;
mod packed;
mod passwords;
mod sameness;
