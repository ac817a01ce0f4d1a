CREATE TABLE sessions (
  -- Sign-ins of browsers. Only the primary database uses this table.
  token_id TEXT NOT NULL,        -- the API token that the session stands for; `admin` for ADMIN_TOKEN
  hash TEXT NOT NULL,            -- keyed hash of the session's secret
  admin_hash TEXT,               -- keyed hash of the ADMIN_TOKEN that it began with; NULL for an API token
  created_at TEXT NOT NULL,
  used_at TEXT NOT NULL,         -- the last use, written at most every five minutes
  PRIMARY KEY (token_id, hash)
) STRICT, WITHOUT ROWID;
