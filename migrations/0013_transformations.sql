CREATE TABLE transformations (
  -- Functions in JavaScript that an event passes before it is routed, or a payload before it is sent.
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,      -- incremented by each change of the code
  external_id TEXT,              -- the name that API clients gave it, or NULL
  managed_by TEXT,               -- 'config' if PUT /config manages it, or NULL
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  code TEXT NOT NULL             -- last, so that reads of the other columns do not read it
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX transformations_by_external_id ON transformations (external_id) WHERE external_id IS NOT NULL;
CREATE TABLE transformation_versions (
  -- The current code of each transformation and its latest earlier ones. A row never changes, so isolates cache it for good.
  transformation_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (transformation_id, version)
) STRICT, WITHOUT ROWID;
ALTER TABLE integrations ADD COLUMN transformation_id /* what its events pass before they are routed, or NULL */ TEXT;
ALTER TABLE destinations ADD COLUMN transformation_id /* what its payloads pass before they are sent, or NULL */ TEXT;
CREATE INDEX integrations_by_transformation ON integrations (transformation_id) WHERE transformation_id IS NOT NULL;
CREATE INDEX destinations_by_transformation ON destinations (transformation_id) WHERE transformation_id IS NOT NULL;
