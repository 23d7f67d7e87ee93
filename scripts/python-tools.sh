#!/usr/bin/env bash
# Puts schemathesis, which tries the HTTP interface against its own description, into the target folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

WHAT="schemathesis==4.32.5"
FOLDER="${CARGO_TARGET_DIR:-target}/tools/python"

if "$FOLDER/bin/python" -m pip freeze 2>/dev/null | grep -qx "$WHAT"; then
  echo "$WHAT is there"
  exit 0
fi
rm -rf "$FOLDER"
python3 -m venv "$FOLDER"
"$FOLDER/bin/python" -m pip install --quiet --disable-pip-version-check "$WHAT"
echo "installed $WHAT"
