#!/usr/bin/env bash
# Says which tools are missing or too old, all at once, and how to get each. --test also asks for lints and formatter.
set -euo pipefail

PROBLEMS=()

# at_least NAME FOUND WANTED HOW: compares dotted versions.
at_least() {
  local lowest
  lowest=$(printf '%s\n%s\n' "$2" "$3" | sort -V | head -n 1)
  if [[ "$lowest" != "$3" ]]; then
    PROBLEMS+=("$1 is $2, at least $3 is needed: $4")
  fi
}

# need COMMAND WANTED HOW: the command must exist and, where WANTED is not "-", be that new.
need() {
  local name="$1" wanted="$2" how="$3" found
  if ! command -v "$name" >/dev/null 2>&1; then
    PROBLEMS+=("$name is missing: $how")
    return
  fi
  if [[ "$wanted" != "-" ]]; then
    found=$("$name" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1 || true)
    at_least "$name" "${found:-0}" "$wanted" "$how"
  fi
}

need cargo 1.95 "https://rustup.rs, then 'rustup update stable'"
need rustc 1.95 "https://rustup.rs, then 'rustup update stable'"
need node 20 "https://nodejs.org (Node 20 or newer)"
need npm 9 "it comes with Node"
need cc - "'apt-get install gcc libc6-dev' (SQLite and ring are C)"

if [[ "${1:-}" == "--test" ]]; then
  cargo clippy --version >/dev/null 2>&1 || PROBLEMS+=("clippy is missing: 'rustup component add clippy'")
  cargo fmt --version >/dev/null 2>&1 || PROBLEMS+=("rustfmt is missing: 'rustup component add rustfmt'")
fi

if ((${#PROBLEMS[@]})); then
  printf '%s\n' "${PROBLEMS[@]}" >&2
  exit 1
fi
echo "cargo, node, npm and a C compiler are there"
