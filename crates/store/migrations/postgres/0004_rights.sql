-- Accounts: who is shut out, who must take a new password, and the second factor.
ALTER TABLE users ADD COLUMN disabled_at_us BIGINT;
ALTER TABLE users ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN totp_key_id TEXT;
ALTER TABLE users ADD COLUMN totp_sealed BYTEA;
ALTER TABLE users ADD COLUMN totp_confirmed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN totp_last_step BIGINT;

ALTER TABLE sessions ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN locked_at_us BIGINT;
CREATE INDEX sessions_by_username ON sessions (username);

-- What a resident or guardian agreed to: the record that a relative's grant stands on.
CREATE TABLE consents (
  consent_id TEXT PRIMARY KEY,
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  purpose TEXT NOT NULL,
  given_by TEXT NOT NULL,
  giver TEXT NOT NULL,
  data TEXT NOT NULL,
  text_version TEXT NOT NULL,
  channel TEXT NOT NULL,
  given_at_us BIGINT NOT NULL,
  recorded_at_us BIGINT NOT NULL,
  recorded_by TEXT NOT NULL,
  withdrawn_at_us BIGINT,
  withdrawn_by TEXT
);
CREATE INDEX consents_by_resident ON consents (resident_id);

ALTER TABLE grants ADD COLUMN consent_id TEXT REFERENCES consents (consent_id);
ALTER TABLE grants ADD COLUMN relation TEXT NOT NULL DEFAULT '';
CREATE INDEX grants_by_resident ON grants (resident_id);

-- What staff keep from a relative: of all incidents, or of one.
CREATE TABLE withholdings (
  withholding_id TEXT PRIMARY KEY,
  username TEXT NOT NULL REFERENCES users (username),
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  incident_id TEXT,
  reason TEXT NOT NULL,
  from_us BIGINT NOT NULL,
  from_by TEXT NOT NULL,
  to_us BIGINT,
  to_by TEXT
);
CREATE INDEX withholdings_by_username ON withholdings (username);

-- One-use links by which somebody gets an account, or a new password for the account they have.
CREATE TABLE invitations (
  invitation_id TEXT PRIMARY KEY,
  code_hash BYTEA NOT NULL UNIQUE,
  username TEXT REFERENCES users (username),
  role TEXT NOT NULL,
  display_name TEXT NOT NULL,
  relation TEXT NOT NULL,
  consent_id TEXT REFERENCES consents (consent_id),
  created_at_us BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  used_at_us BIGINT,
  withdrawn_at_us BIGINT
);

-- Looks at a resident without an open incident, with the reason given and what a supervisor thought of it.
CREATE TABLE looks (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_us BIGINT NOT NULL,
  username TEXT NOT NULL,
  action TEXT NOT NULL,
  resident_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  reviewed_at_us BIGINT,
  reviewed_by TEXT,
  verdict TEXT,
  note TEXT
);
CREATE INDEX looks_unreviewed ON looks (row_id) WHERE reviewed_at_us IS NULL;

-- A handset is active, retired (it may still press) or stolen (it is cut off). A claim code gives it a new secret.
ALTER TABLE handsets ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE handsets ADD COLUMN state_at_us BIGINT;
CREATE TABLE handset_claims (
  code_hash BYTEA PRIMARY KEY,
  handset_id TEXT NOT NULL REFERENCES handsets (handset_id),
  created_at_us BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  used_at_us BIGINT,
  used_from TEXT
);
CREATE INDEX handset_claims_by_handset ON handset_claims (handset_id);
CREATE INDEX handsets_by_change ON handsets (state_at_us) WHERE state_at_us IS NOT NULL;

-- Whom nothing is known of any more, and cases without the person.
ALTER TABLE residents ADD COLUMN erased_at_us BIGINT;
ALTER TABLE incidents ADD COLUMN nameless BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX residents_erased ON residents (resident_id) WHERE erased_at_us IS NOT NULL;

-- Since when no positions of a resident are kept: the consent to it was withdrawn. Presses go on.
ALTER TABLE residents ADD COLUMN untracked_since_us BIGINT;
CREATE INDEX residents_untracked ON residents (resident_id) WHERE untracked_since_us IS NOT NULL;

-- A secret that was fetched and has not logged in yet: until it does the old one holds, so that an answer lost on the way
-- leaves nobody without.
ALTER TABLE handsets ADD COLUMN pending_secret_hash TEXT;
CREATE INDEX looks_by_resident ON looks (resident_id);
