-- That somebody came back within a fence, for the desk; it reads them by cursor and they go after a term.
CREATE TABLE fence_returns (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  signal_id TEXT NOT NULL UNIQUE,
  resident_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  body TEXT NOT NULL
);

-- Until when the watch does not repeat that somebody is on the wrong side of a fence. It is about what had been told by from_us.
CREATE TABLE snoozes (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  resident_id TEXT NOT NULL,
  fence_id TEXT NOT NULL,
  from_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL
);

-- What is usual for a resident, learned day by day; through_day is the last day (since 1970, in Shanghai) that was looked at.
CREATE TABLE habits (
  resident_id TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  through_day INTEGER NOT NULL,
  version INTEGER NOT NULL
);

-- What one process at a time does. epoch counts the changes of the holder: who writes under an old one is refused.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  until_us INTEGER NOT NULL
);
