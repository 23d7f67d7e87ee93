-- The same table as migrations/sqlite/0002_phones.sql, in PostgreSQL's types.
CREATE TABLE phones (
  dialect TEXT NOT NULL,
  username TEXT NOT NULL,
  device TEXT NOT NULL,
  handset_id TEXT NOT NULL REFERENCES handsets (handset_id),
  key_id TEXT NOT NULL,
  passphrase_sealed BYTEA,
  id_tag BYTEA UNIQUE,
  PRIMARY KEY (dialect, username, device)
);
CREATE INDEX phones_by_handset ON phones (handset_id);
