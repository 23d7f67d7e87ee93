-- Where the logs stood when a clock that had been set back was taken as the truth: what is stamped before that says
-- nothing about when the platform lived.
ALTER TABLE platform ADD COLUMN signals_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE platform ADD COLUMN events_before BIGINT NOT NULL DEFAULT 0;
