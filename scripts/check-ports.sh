#!/usr/bin/env bash
# Says who holds a port that the platform is about to open, and which setting moves it.
#
#   scripts/check-ports.sh JJL_HTTP__LISTEN=127.0.0.1:8080 JJL_MQTT__LISTEN=127.0.0.1:1883
#
# Each argument is a setting with its default; a value in the environment wins, as it does in the platform.
# Reads /proc, since `ss` is not on every machine.
set -euo pipefail

# The inode of the socket that listens on a port, empty when nobody does.
listening_inode() {
  local hex
  hex=$(printf '%04X' "$1")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }'
}

# The process that owns a socket inode; other users' processes cannot be looked into without root.
holder() {
  local link pid
  for link in /proc/[0-9]*/fd/*; do
    if [[ "$(readlink "$link" 2>/dev/null)" == "socket:[$1]" ]]; then
      pid=${link#/proc/}
      pid=${pid%%/*}
      printf '%s (pid %s)' "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c 1-100 | sed 's/ *$//')" "$pid"
      return
    fi
  done
  printf "another user's process (see it with: sudo ss -ltnp)"
}

free_port_near() {
  local port=$(($1 + 10000))
  while [[ -n "$(listening_inode "$port")" ]]; do port=$((port + 1)); done
  echo "$port"
}

taken=0
for pair in "$@"; do
  setting=${pair%%=*}
  address=${!setting:-${pair#*=}}
  port=${address##*:}
  if ! [[ "$port" =~ ^[0-9]+$ ]] || ((port == 0)) || ! [[ -r /proc/net/tcp ]]; then
    continue
  fi
  inode=$(listening_inode "$port")
  if [[ -n "$inode" ]]; then
    taken=1
    echo "port $port is held by $(holder "$inode")." >&2
    echo "  Stop it, or choose another: $setting=${address%:*}:$(free_port_near "$port") make run" >&2
  fi
done
if ((taken)); then exit 1; fi
echo "the ports are free"
