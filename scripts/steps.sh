# Sourced by the other scripts: numbered, timed steps that say what is still to come.
#
#   plan "check tools" "build" "start"
#   step check_tools_function arg …   # ends the script if it fails
#   attempt command arg …             # goes on if it fails, and
#   conclude                          # says at the end which did

set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

TARGET="${CARGO_TARGET_DIR:-target}"
PLAN=()
STEP=0
FAILED=()

plan() {
  PLAN=("$@")
}

# Announces the next step of the plan and what follows it.
announce() {
  local name="${PLAN[$STEP]}" rest=""
  STEP=$((STEP + 1))
  if ((STEP < ${#PLAN[@]})); then
    rest=$(printf ', %s' "${PLAN[@]:$STEP}")
    rest="  (then: ${rest:2})"
  fi
  printf '\n[%d/%d] %s%s\n' "$STEP" "${#PLAN[@]}" "$name" "$rest"
}

# Runs a command as the next step and prints how long it took. The command runs outside any condition,
# so that `set -e` holds inside it as well.
step() {
  announce
  local begun=$SECONDS name="${PLAN[$((STEP - 1))]}"
  trap 'printf "[%d/%d] FAILED: %s, after %d s\n" "$STEP" "${#PLAN[@]}" "${PLAN[$((STEP - 1))]}" "$SECONDS" >&2' ERR
  set -E
  "$@"
  printf '[%d/%d] done: %s, %d s\n' "$STEP" "${#PLAN[@]}" "$name" "$((SECONDS - begun))"
}

# Runs a program as the next step. If it fails, the next step comes all the same, and `conclude` tells of it.
attempt() {
  announce
  local begun=$SECONDS name="${PLAN[$((STEP - 1))]}"
  if "$@"; then
    printf '[%d/%d] done: %s, %d s\n' "$STEP" "${#PLAN[@]}" "$name" "$((SECONDS - begun))"
  else
    printf '[%d/%d] FAILED: %s, after %d s\n' "$STEP" "${#PLAN[@]}" "$name" "$((SECONDS - begun))" >&2
    FAILED+=("$name")
  fi
}

# Ends the script: which attempts failed, and exit code 1 if any did.
conclude() {
  if ((${#FAILED[@]} == 0)); then
    printf '\nall %d steps done, and every goal met\n' "${#PLAN[@]}"
    exit 0
  fi
  local names
  names=$(printf ', %s' "${FAILED[@]}")
  printf '\nmissed: %s (what exactly stands at the end of each, as "goal missed")\n' "${names:2}" >&2
  exit 1
}

# Installs and builds the dashboards when their sources or their lock file changed since the last build.
# The stamp lies in node_modules, which `npm ci` wipes first: a broken install never looks complete.
build_dashboards() {
  local now lock stamp="dashboards/node_modules/.built-from" lock_stamp="dashboards/node_modules/.installed-from"
  lock=$(sha256sum <dashboards/package-lock.json)
  now=$(cd dashboards && find . \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  if [[ "$(cat "$lock_stamp" 2>/dev/null)" != "$lock" ]]; then
    npm --prefix dashboards ci --no-audit --no-fund
    printf '%s\n' "$lock" >"$lock_stamp"
  fi
  if [[ -d dashboards/dist && "$(cat "$stamp" 2>/dev/null)" == "$now" ]]; then
    echo "the dashboards are as last built"
    return
  fi
  npm --prefix dashboards run build
  printf '%s\n' "$now" >"$stamp"
}
