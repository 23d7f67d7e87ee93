-- What stands in no incident is forgotten with whom it was about.
CREATE INDEX signals_by_resident ON signals (resident_id) WHERE resident_id IS NOT NULL;
