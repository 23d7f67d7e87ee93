-- Home-care service stations, and who works at them.
CREATE TABLE stations (
  station_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  telephone TEXT NOT NULL,
  on_duty BOOLEAN NOT NULL
);
ALTER TABLE users ADD COLUMN station_id TEXT REFERENCES stations (station_id);
ALTER TABLE invitations ADD COLUMN station_id TEXT REFERENCES stations (station_id);

-- The tasks that stand in incidents, so that a station finds its own. Written with them, and made of nothing else.
CREATE TABLE tasks (
  task_id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  station_id TEXT NOT NULL,
  state TEXT NOT NULL,
  is_live BOOLEAN NOT NULL,
  offered_at_us INTEGER NOT NULL,
  since_us INTEGER NOT NULL
);
CREATE INDEX tasks_by_station ON tasks (station_id, since_us);
CREATE INDEX tasks_live ON tasks (station_id) WHERE is_live;
CREATE INDEX tasks_by_incident ON tasks (incident_id);
