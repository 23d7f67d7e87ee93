-- Accounts of stations that let the desk see where they are while they are under way.
CREATE TABLE position_consents (
  username TEXT PRIMARY KEY REFERENCES users (username),
  given_at_us INTEGER NOT NULL
);

-- Where they are: a row for each task, gone when the task ends or the consent is withdrawn.
CREATE TABLE responder_positions (
  task_id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  username TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  accuracy_m REAL NOT NULL,
  at_us INTEGER NOT NULL
);
