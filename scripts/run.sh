#!/usr/bin/env bash
# Builds the platform and starts its demo. Needs Rust, Node and a C compiler, no packages of the system.
#
# --fresh wipes the demo's data before, and nothing else.
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

DEMO_DATA="$ROOT/data/demo"

check() {
  scripts/check-tools.sh
  scripts/check-ports.sh JJL_HTTP__LISTEN=127.0.0.1:8080 JJL_MQTT__LISTEN=127.0.0.1:1883 \
    JJL_MQTT__WEBSOCKET_LISTEN=127.0.0.1:8083
}

wipe() {
  if [[ -n "${JJL_DATA__DIR:-}" ]]; then
    echo "JJL_DATA__DIR is set to $JJL_DATA__DIR; make run-fresh wipes ./data/demo only. Unset it, or empty that folder yourself." >&2
    exit 1
  fi
  local pid
  pid=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$DEMO_DATA/endpoints.json" 2>/dev/null || true)
  if [[ -n "$pid" ]] && kill -0 "$pid" 2>/dev/null; then
    echo "the demo is running (pid $pid) on these data; stop it before wiping them." >&2
    exit 1
  fi
  rm -rf -- "$DEMO_DATA"
  echo "wiped $DEMO_DATA"
}

if [[ "${1:-}" == "--fresh" ]]; then
  shift
  plan "check tools and ports" "wipe the demo's data" "dashboards" "programs" "start"
  step check
  step wipe
else
  plan "check tools and ports" "dashboards" "programs" "start"
  step check
fi
step build_dashboards
step cargo build --workspace --bins
announce
exec "$TARGET/debug/jujiale" serve --demo "$@"
