-- Who has a task, since it is they who are rung when nothing is heard of them.
ALTER TABLE tasks ADD COLUMN responder TEXT;

-- Stations that were told of a task are told that it was taken back.
CREATE INDEX tasks_withdrawn ON tasks (since_us) WHERE state = 'withdrawn';

-- Whether a drill was one of a button.
CREATE INDEX incident_signals_by_incident ON incident_signals (incident_id);
