-- Whoever was told has answered: a relative about the incident, a station about its task.
ALTER TABLE notices ADD COLUMN acknowledged_at_us INTEGER;

-- How often a word was due from a station in the task's present state and did not come.
ALTER TABLE tasks ADD COLUMN overdue INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tasks_silent ON tasks (offered_at_us) WHERE is_live AND overdue > 0;

-- Words about incidents that handsets were to hear, and of which a newer one has taken the place in the outbox.
CREATE TABLE earlier_words (
  outbox_row INTEGER PRIMARY KEY,
  handset_id TEXT NOT NULL,
  message_key TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at_us INTEGER NOT NULL,
  settled_at_us INTEGER
);
CREATE INDEX earlier_words_by_key ON earlier_words (message_key, handset_id);
