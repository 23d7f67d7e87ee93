#!/usr/bin/env bash
# Prints the seconds Shapely takes. JJL_PYTHON names a Python that has Shapely 2; `python3` if nothing is said.
set -euo pipefail
exec "${JJL_PYTHON:-python3}" "$(dirname "${BASH_SOURCE[0]}")/shapely_arrays.py" "$1"
