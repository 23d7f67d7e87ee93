-- Who rang, whole and sealed. In signals, events and incidents a number stands masked.
CREATE TABLE callers (
  signal_id TEXT PRIMARY KEY,
  key_id TEXT NOT NULL,
  caller_sealed BLOB NOT NULL
);

-- Incidents of before, in which callers' numbers lie plain. Each is sealed once it is closed, and goes from here.
CREATE TABLE callers_in_plain (
  incident_id TEXT PRIMARY KEY
);
INSERT INTO callers_in_plain (incident_id)
  SELECT DISTINCT incident_id FROM incident_events WHERE body LIKE '%"caller":"%';

-- With the birth date and the district the last four signs are the whole number; nothing reads them.
UPDATE residents SET identity_number_last4 = NULL WHERE identity_number_last4 IS NOT NULL;

-- What is kept of an incident is kept of what becomes of it.
CREATE INDEX withholdings_by_incident ON withholdings (incident_id) WHERE incident_id IS NOT NULL;
