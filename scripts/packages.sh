#!/usr/bin/env bash
# Installs the Debian packages that the tests use, and keeps every one of them from starting a service: a mosquitto on
# port 1883 would stand in the way of `make run`, and a PostgreSQL cluster nobody asked for would stay for good. The
# tests start their own servers on free ports. `make run` needs none of this. Packages that are named are installed besides.
set -euo pipefail

PACKAGES=(mosquitto mosquitto-clients redis-server postgresql chromium fonts-noto-cjk strace faketime sqlite3
  openssl python3-paho-mqtt python3-venv "$@")
# What the packages above bring, for machines where they came another way.
PROGRAMS=(mosquitto mosquitto_pub redis-server chromium strace faketime sqlite3 openssl)

POLICY=/usr/sbin/policy-rc.d
CLUSTER=/etc/postgresql-common/createcluster.conf
MARK="# written by the tests' package script; goes away when it ends"

programs_are_there() {
  local program
  for program in "${PROGRAMS[@]}"; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null 2>&1 || return 1
  done
}

missing_packages() {
  local package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
  done
}

if ! command -v dpkg-query >/dev/null 2>&1; then
  if programs_are_there; then
    echo "not a Debian system, but every program the tests use is there"
    exit 0
  fi
  echo "the tests need ${PROGRAMS[*]} and PostgreSQL's initdb; this is not a Debian system, so install them yourself." >&2
  exit 1
fi

mapfile -t MISSING < <(missing_packages)
if ((${#MISSING[@]} == 0)); then
  echo "all packages are there"
  exit 0
fi

if ((EUID == 0)); then
  AS_ROOT=()
elif command -v sudo >/dev/null 2>&1; then
  AS_ROOT=(sudo)
else
  echo "missing packages: ${MISSING[*]}. Neither root nor sudo is at hand; as root run:" >&2
  echo "  scripts/packages.sh" >&2
  exit 1
fi

as_root() {
  "${AS_ROOT[@]}" "$@"
}

# put_aside FILE: keeps a file that was there before us, but never one a killed run of ours left behind.
put_aside() {
  if as_root test -e "$1" && ! as_root grep -qF "$MARK" "$1"; then
    as_root mv "$1" "$1.before-tests"
  fi
}

# put_back FILE: the file as it was; failing that, as its package ships it; failing that, gone.
put_back() {
  as_root rm -f "$1"
  if as_root test -e "$1.before-tests"; then
    as_root mv "$1.before-tests" "$1"
  elif as_root test -e "$1.ucf-dist"; then
    as_root mv "$1.ucf-dist" "$1"
  fi
}

restore() {
  put_back "$POLICY"
  put_back "$CLUSTER"
}

hold_services() {
  put_aside "$POLICY"
  printf '#!/bin/sh\n%s\nexit 101\n' "$MARK" | as_root tee "$POLICY" >/dev/null
  as_root chmod 755 "$POLICY"
  as_root mkdir -p "$(dirname "$CLUSTER")"
  put_aside "$CLUSTER"
  printf '%s\ncreate_main_cluster = false\n' "$MARK" | as_root tee "$CLUSTER" >/dev/null
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

echo "installing: ${MISSING[*]}"
trap restore EXIT
trap 'exit 130' INT TERM
hold_services
apt update
apt install --no-install-recommends "${MISSING[@]}"
