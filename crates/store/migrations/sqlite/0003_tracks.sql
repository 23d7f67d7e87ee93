-- The journal of fixes in blocks of many (crates/store/src/journal says how they are made and read). Fixes have numbers
-- in the order in which they came, from 1 on without a gap.

-- As they come, one row a batch. row_id is the number of its first fix; the last row always stays, for the next number
-- follows from it.
CREATE TABLE fix_log (
  row_id INTEGER PRIMARY KEY,
  fixes INTEGER NOT NULL,
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  received_us INTEGER NOT NULL,
  body BLOB NOT NULL
);

-- Sorted by handset, step by step: a slot is a shelf that some handsets share.
CREATE TABLE fix_blocks (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  slot INTEGER NOT NULL,
  fixes INTEGER NOT NULL,
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  received_us INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX fix_blocks_by_slot ON fix_blocks (slot, to_us);
CREATE INDEX fix_blocks_by_arrival ON fix_blocks (received_us);

-- What is older than the window: a handset's fixes of an hour while one resident (or nobody) carried it.
CREATE TABLE track_hours (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  handset_id TEXT NOT NULL,
  resident_id TEXT,
  hour_us INTEGER NOT NULL,
  fixes INTEGER NOT NULL,
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX track_hours_by_resident ON track_hours (resident_id, hour_us);
CREATE INDEX track_hours_by_handset ON track_hours (handset_id, hour_us);
CREATE INDEX track_hours_by_hour ON track_hours (hour_us);

-- Up to which number the log is sorted, and how many of these fixes are gone: settled = in blocks + in hours + removed.
CREATE TABLE journal (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  settled INTEGER NOT NULL,
  removed INTEGER NOT NULL
);
INSERT INTO journal (one, settled, removed) VALUES (1, 0, 0);

-- The table fixes holds those of a store that was made before this; the first start carries them over.
