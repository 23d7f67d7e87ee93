-- Counts the drawings of all zones: at which of them this one's edge was drawn last. What is drawn over somebody who was last seen
-- there is told from what was there before.
ALTER TABLE zones ADD COLUMN drawn BIGINT NOT NULL DEFAULT 0;
CREATE INDEX zones_by_drawn ON zones (drawn);
