#!/usr/bin/env bash
# An hour of load with its memory watched, and then the tests with JJL_SOAK: a thousand kills, twice as many races for a claim, and
# locks, full disks, outages and a Redis that goes away again and again. A goal that the hour missed keeps no test from being run;
# what was missed is said at the end, and the exit code is then 1.
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

plan "packages" "python tools" "dashboards" "release build" "an hour of load" "programs" "fault tests, long"
step scripts/packages.sh
# One of the tests at the end needs them; what is not reached is said before the hour, and not behind it.
step scripts/python-tools.sh
step build_dashboards
step cargo build --release --workspace --bins
JJL_BIN="$(realpath "$TARGET/release/jujiale")"
attempt env JJL_BIN="$JJL_BIN" cargo bench -p tests --bench full_load -- soak
step cargo build --workspace --bins
attempt env JJL_SOAK=1 cargo test -p tests --test platform -- --nocapture --test-threads=1
conclude
