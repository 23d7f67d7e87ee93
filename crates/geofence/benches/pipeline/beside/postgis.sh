#!/usr/bin/env bash
# Prints the seconds a PostgreSQL of our own with PostGIS takes: one statement for all fixes, the median of five rounds after one.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[[ -n "$bin" ]] || { echo "no PostgreSQL" >&2; exit 1; }
version=$(basename "$(dirname "$bin")")
[[ -e /usr/share/postgresql/$version/extension/postgis.control ]] || { echo "no PostGIS (apt-get install postgresql-$version-postgis-3)" >&2; exit 1; }
as=()
if ((EUID == 0)); then
  as=(runuser -u postgres --)
  chown -R postgres "$1"
fi
data="$1/pg"
"${as[@]}" "$bin/initdb" -D "$data" -U postgres --auth=trust -E UTF8 >"$1/initdb.log"
"${as[@]}" "$bin/pg_ctl" -D "$data" -w -l "$data/log" -o "-c listen_addresses='' -k '$data' -c jit=off -c max_parallel_workers_per_gather=0 -c shared_buffers=1GB" start >/dev/null
trap '"${as[@]}" "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null' EXIT
psql="$bin/psql"
"${as[@]}" "$psql" -h "$data" -U postgres -qAt -v ON_ERROR_STOP=1 -v folder="$1" <<'SQL' | awk '/Execution Time/ { print $3 / 1000 }' | tail -n 5 | sort -g | sed -n 3p
CREATE EXTENSION postgis;
CREATE TABLE zones (id int, shape geometry);
CREATE TABLE own (id int PRIMARY KEY, home geometry, quarter geometry, pond geometry);
CREATE TABLE fixes (id int, x float8, y float8);
\set file :folder '/zones.csv'
COPY zones FROM :'file' WITH (DELIMITER ';');
\set file :folder '/own.csv'
COPY own FROM :'file' WITH (DELIMITER ';');
\set file :folder '/fixes.csv'
COPY fixes FROM :'file' WITH (DELIMITER ';');
CREATE INDEX ON zones USING gist (shape);
ANALYZE;
CREATE VIEW looked AS
SELECT ST_Distance(at, home) - 250 AS home, ST_Contains(quarter, at) AS in_quarter, ST_Distance(at, ST_ExteriorRing(quarter)) AS quarter,
  ST_Contains(pond, at) AS in_pond, ST_Distance(at, ST_ExteriorRing(pond)) AS pond,
  z.id AS zone, ST_Contains(z.shape, at) AS in_zone, ST_Distance(at, ST_ExteriorRing(z.shape)) AS apart
FROM (SELECT id, ST_MakePoint(x, y) AS at FROM fixes) f JOIN own USING (id)
LEFT JOIN zones z ON ST_DWithin(z.shape, at, 150);
EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT * FROM looked;
EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT * FROM looked;
EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT * FROM looked;
EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT * FROM looked;
EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT * FROM looked;
EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT * FROM looked;
SQL
