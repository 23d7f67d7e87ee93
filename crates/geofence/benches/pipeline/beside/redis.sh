#!/usr/bin/env bash
# Prints the seconds a Redis of our own takes to search round every fix. It knows points alone: middles of zones, no
# edges. The median of five rounds after one.
set -euo pipefail
command -v redis-server >/dev/null || { echo "no redis-server" >&2; exit 1; }
socket="$1/redis.sock"
redis-server --port 0 --unixsocket "$socket" --save '' --dir "$1" >"$1/redis.log" &
server=$!
trap 'kill "$server"; wait "$server" || true' EXIT
until redis-cli -s "$socket" ping >/dev/null 2>&1; do sleep 0.1; done
redis-cli -s "$socket" --pipe <"$1/zones.resp" >/dev/null
# The server's own time on the processor.
spent() { redis-cli -s "$socket" info cpu | tr -d '\r' | awk -F: '/^used_cpu_(user|sys):/ { sum += $2 } END { print sum }'; }
look() {
  local before
  before=$(spent)
  redis-cli -s "$socket" --pipe <"$1/search.resp" >/dev/null
  awk -v before="$before" -v after="$(spent)" 'BEGIN { print after - before }'
}
look "$1" >/dev/null
for _ in 1 2 3 4 5; do look "$1"; done | sort -g | sed -n 3p
