-- Telephones that stand in for a handset. An OwnTracks app is named by its user and its device, each in a column of
-- its own; an OsmAnd phone shows nothing but an id that nobody can guess, of which only a keyed hash is kept, and is
-- named by its handset, so that a new id takes the old one's place.
CREATE TABLE phones (
  dialect TEXT NOT NULL,
  username TEXT NOT NULL,
  device TEXT NOT NULL,
  handset_id TEXT NOT NULL REFERENCES handsets (handset_id),
  key_id TEXT NOT NULL,
  passphrase_sealed BLOB,
  id_tag BLOB UNIQUE,
  PRIMARY KEY (dialect, username, device)
);
CREATE INDEX phones_by_handset ON phones (handset_id);
