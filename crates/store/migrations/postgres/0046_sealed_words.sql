-- A number that a handset is to ring, and words that it is to speak, are sealed. The others stand in `payload`, and have no key.
ALTER TABLE outbox ADD COLUMN payload_sealed BYTEA;
ALTER TABLE outbox ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
-- What was asked before stands there plain, and was void ten minutes later. It is not sealed but removed: that it was asked stays in
-- `commands`.
DELETE FROM outbox WHERE message_key IN ('command:call', 'command:say');
CREATE INDEX outbox_by_key ON outbox (key_id) WHERE key_id <> '';
CREATE INDEX outbox_of_commands ON outbox (created_at_us) WHERE command_id IS NOT NULL;
-- The report of what handsets were told asks for a span of time, in both.
CREATE INDEX outbox_of_words ON outbox (created_at_us) WHERE command_id IS NULL;
CREATE INDEX earlier_words_by_time ON earlier_words (created_at_us);
