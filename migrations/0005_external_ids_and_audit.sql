ALTER TABLE integrations ADD COLUMN external_id /* the name that API clients gave it, or NULL */ TEXT;
ALTER TABLE integrations ADD COLUMN managed_by /* 'config' if PUT /config manages it, or NULL */ TEXT;
CREATE UNIQUE INDEX integrations_by_external_id ON integrations (external_id) WHERE external_id IS NOT NULL;
ALTER TABLE destinations ADD COLUMN external_id /* the name that API clients gave it, or NULL */ TEXT;
ALTER TABLE destinations ADD COLUMN managed_by /* 'config' if PUT /config manages it, or NULL */ TEXT;
CREATE UNIQUE INDEX destinations_by_external_id ON destinations (external_id) WHERE external_id IS NOT NULL;
ALTER TABLE routes ADD COLUMN external_id /* the name that API clients gave it, or NULL */ TEXT;
ALTER TABLE routes ADD COLUMN managed_by /* 'config' if PUT /config manages it, or NULL */ TEXT;
CREATE UNIQUE INDEX routes_by_external_id ON routes (external_id) WHERE external_id IS NOT NULL;
CREATE TABLE audit (
  -- Changes of the configuration, and actions of clients: one row each, kept as long as the log.
  -- Only the primary database uses this table.
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,           -- admin, the id of an API token, config or gateway
  action TEXT NOT NULL,          -- such as destination.updated
  kind TEXT NOT NULL,            -- what was changed: destination, route, …
  target_id TEXT NOT NULL,
  target_name TEXT,
  before TEXT,                   -- JSON object of the fields that changed, without secrets; NULL if it did not exist
  after TEXT                     -- JSON object of the fields that changed, without secrets; NULL if it no longer exists
) STRICT, WITHOUT ROWID;
