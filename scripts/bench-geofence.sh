#!/usr/bin/env bash
# The watching engine: first tested against `geo`, then measured, with what others take for the same beside it. PostGIS and Shapely are
# fetched if they can be; what cannot be had is left out of the table with a word, and is no goal missed. What missed a goal is said
# at the end, and the exit code is then 1; the others are measured all the same. The year takes longest by far.
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

SHAPELY="shapely==2.2.0"

# Redis and PostgreSQL with the packages of the tests, and PostGIS for the PostgreSQL that is there.
databases() {
  local bin version
  scripts/packages.sh || echo "Redis and PostgreSQL were not installed; what is not there is left out below"
  bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1 || true)
  if [[ -z "$bin" ]]; then
    echo "there is no PostgreSQL, so PostGIS is left out below"
    return
  fi
  version=$(basename "$(dirname "$bin")")
  scripts/packages.sh "postgresql-$version-postgis-3" || echo "PostGIS could not be installed, and is left out below"
}

# A Python with Shapely, unless JJL_PYTHON names one.
shapely() {
  if [[ -n "${JJL_PYTHON:-}" ]]; then
    echo "the Python that JJL_PYTHON names is taken: $JJL_PYTHON"
  elif scripts/python-tools.sh shapely "$SHAPELY"; then
    # A benchmark runs in its crate's folder. The link to the Python is not followed: packages are found from where it stands.
    JJL_PYTHON="$(realpath "$TARGET")/tools/shapely/bin/python"
    export JJL_PYTHON
  else
    echo "Shapely is left out below"
  fi
}

plan "databases" "Shapely" "tests against geo" "fixes a second" "wandering and fences" "a year"
step databases
step shapely
# As `make test` runs it, so that nothing is built for it again.
step cargo test --workspace --features geofence/beside --test reference
# One set of features for all of them, so that the engine is built once.
attempt cargo bench -p geofence --features beside --bench pipeline
attempt cargo bench -p geofence --features beside --bench watching
attempt cargo bench -p geofence --features beside --bench watching -- year
conclude
