-- The same tables as migrations/sqlite/0003_tracks.sql: the journal of fixes in blocks of many
-- (crates/store/src/journal says how they are made and read). Fixes have numbers in the order in which they came, from 1
-- on without a gap.

-- As they come, one row a batch. row_id is the number of its first fix; the last row always stays, for the next number
-- follows from it.
CREATE TABLE fix_log (
  row_id BIGINT PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  fixes BIGINT NOT NULL,
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,
  received_us BIGINT NOT NULL,
  body BYTEA NOT NULL
);

-- Sorted by handset, step by step: a slot is a shelf that some handsets share.
CREATE TABLE fix_blocks (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slot BIGINT NOT NULL,
  fixes BIGINT NOT NULL,
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,
  received_us BIGINT NOT NULL,
  body BYTEA NOT NULL
);
CREATE INDEX fix_blocks_by_slot ON fix_blocks (slot, to_us);
CREATE INDEX fix_blocks_by_arrival ON fix_blocks (received_us);

-- What is older than the window: a handset's fixes of an hour while one resident (or nobody) carried it.
CREATE TABLE track_hours (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handset_id TEXT NOT NULL,
  resident_id TEXT,
  hour_us BIGINT NOT NULL,
  fixes BIGINT NOT NULL,
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,
  body BYTEA NOT NULL
);
CREATE INDEX track_hours_by_resident ON track_hours (resident_id, hour_us);
CREATE INDEX track_hours_by_handset ON track_hours (handset_id, hour_us);
CREATE INDEX track_hours_by_hour ON track_hours (hour_us);

-- Up to which number the log is sorted, and how many of these fixes are gone: settled = in blocks + in hours + removed.
CREATE TABLE journal (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  settled BIGINT NOT NULL,
  removed BIGINT NOT NULL
);
INSERT INTO journal (one, settled, removed) VALUES (1, 0, 0);

-- Blocks are as small as they get; trying to compress them again only costs time.
ALTER TABLE fix_log ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE fix_blocks ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE track_hours ALTER COLUMN body SET STORAGE EXTERNAL;

-- The table fixes holds those of a store that was made before this; the first start carries them over.
