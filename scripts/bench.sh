#!/usr/bin/env bash
# Measures with the release build. Every table has the machine's own limit beside its figures: the disk's, or a broker's without
# a disk under the same load (not so the hour of `make soak`). `cargo bench -p tests --bench full_load -- single-40000` is more than is promised, and not among these.
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

plan "packages" "dashboards" "release build" "press path" "full load" "desk" "journal" "audit" "access"
step scripts/packages.sh
step build_dashboards
step cargo build --release --workspace --bins
JJL_BIN="$(realpath "$TARGET/release/jujiale")" step cargo bench -p tests --bench press_path
JJL_BIN="$(realpath "$TARGET/release/jujiale")" step cargo bench -p tests --bench full_load
JJL_BIN="$(realpath "$TARGET/release/jujiale")" step cargo bench -p tests --bench desk
step cargo bench -p store --bench journal
step cargo bench -p store --bench audit
step cargo bench -p access --bench decide
