-- Who is to be reached outside the screens, and when: hours of the week in Shanghai.
CREATE TABLE roster (
  entry_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  days INTEGER NOT NULL,
  from_minute INTEGER NOT NULL,
  to_minute INTEGER NOT NULL,
  channel TEXT NOT NULL,
  key_id TEXT NOT NULL,
  address_sealed BLOB NOT NULL,
  address_last4 TEXT NOT NULL
);

-- Messages to people outside: a row for each recipient and channel. What was said and to which number is sealed.
CREATE TABLE notices (
  notice_id TEXT PRIMARY KEY,
  incident_id TEXT,
  recipient_kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  channel TEXT NOT NULL,
  is_life BOOLEAN NOT NULL,
  key_id TEXT NOT NULL,
  address_sealed BLOB NOT NULL,
  address_last4 TEXT NOT NULL,
  message_sealed BLOB NOT NULL,
  due_at_us INTEGER NOT NULL,
  next_at_us INTEGER,
  attempts INTEGER NOT NULL,
  sent_at_us INTEGER,
  took_ms INTEGER,
  provider_id TEXT,
  ended_at_us INTEGER,
  why TEXT
);
CREATE INDEX notices_due ON notices (next_at_us) WHERE next_at_us IS NOT NULL;
CREATE INDEX notices_by_incident ON notices (incident_id);

-- The last test of each channel: an escalation by a channel that nobody has tried is a hope.
CREATE TABLE channel_tests (
  channel TEXT PRIMARY KEY,
  at_us INTEGER NOT NULL,
  ok BOOLEAN NOT NULL,
  took_ms INTEGER NOT NULL,
  detail TEXT NOT NULL,
  tested_by TEXT NOT NULL
);

-- Where a relative is reached by message.
ALTER TABLE users ADD COLUMN telephone_key_id TEXT;
ALTER TABLE users ADD COLUMN telephone_sealed BLOB;
ALTER TABLE users ADD COLUMN telephone_last4 TEXT;
