CREATE TABLE keys (
  -- The keys that seal, hash and sign. Each is random and wrapped under MASTER_KEY, so that a rotation changes only wraps.
  -- Only the primary database uses this table.
  purpose TEXT NOT NULL,         -- seal, hash, sign or address; rows of other purposes are ignored
  id TEXT NOT NULL,              -- part of what the key made; of a signing key its JWK thumbprint
  created_at TEXT NOT NULL,
  expires_at TEXT,               -- until when a replaced signing key signs, too; NULL for a key in use
  wraps TEXT NOT NULL,           -- JSON object: id of a master key -> {wrapped, at}
  PRIMARY KEY (purpose, id)
) STRICT, WITHOUT ROWID;
