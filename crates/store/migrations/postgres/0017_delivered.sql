-- What a provider reported of a message it took.
ALTER TABLE notices ADD COLUMN delivered_at_us BIGINT;
ALTER TABLE notices ADD COLUMN seen_at_us BIGINT;
ALTER TABLE notices ADD COLUMN undelivered_at_us BIGINT;
CREATE INDEX notices_by_provider ON notices (channel, provider_id) WHERE provider_id IS NOT NULL;

-- The queue's first page, however many incidents are over.
CREATE INDEX open_incidents_by_opening ON incidents (opened_at_us, incident_id) WHERE state <> 'closed';
