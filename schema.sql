-- The whole of Hookgate's state in D1. Row writes are the bill, so every table is WITHOUT ROWID and keyed by what it is read by;
-- ids sort by time, so "newest first" needs no index. JSON columns hold what is only ever read and written whole.

-- One row, raised by every change of configuration: isolates reload their catalog when it moves.
CREATE TABLE catalog_revision (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL
);
INSERT INTO catalog_revision (id, revision) VALUES (1, 1);

CREATE TABLE integrations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  auth TEXT NOT NULL,            -- JSON; what is compared only as its keyed hash, what verifies signatures sealed
  allowed_ips TEXT,              -- JSON list of CIDRs, or NULL
  options TEXT NOT NULL,         -- JSON
  response TEXT,                 -- JSON, or NULL
  rate_limit TEXT,               -- JSON, or NULL
  address TEXT,                  -- the last part of its URL, or NULL while that is its id
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The addresses of integrations whose URL was rotated: the current one, and those that still work beside it.
CREATE TABLE integration_addresses (
  address TEXT PRIMARY KEY,
  integration_id TEXT NOT NULL,
  expires_at TEXT                -- NULL for the current one
) STRICT, WITHOUT ROWID;

CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  url TEXT NOT NULL,
  method TEXT NOT NULL,
  headers TEXT NOT NULL,         -- JSON object
  auth TEXT NOT NULL,            -- JSON; secrets sealed
  signing TEXT NOT NULL,         -- JSON: the scheme and its options, no secret
  signing_secrets TEXT NOT NULL, -- JSON list of {sealed, expires_at}; the first is the current one
  payload TEXT NOT NULL,         -- JSON
  timeout_ms INTEGER NOT NULL,
  retry_schedule TEXT,           -- JSON list of seconds, or NULL for the default
  enabled INTEGER NOT NULL,
  disabled_reason TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE routes (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  integration_ids TEXT,          -- JSON list, or NULL for all
  event_types TEXT,              -- JSON list, or NULL for all
  match TEXT,                    -- JSON filter, or NULL
  destination_ids TEXT NOT NULL, -- JSON list
  group_window_seconds INTEGER NOT NULL,
  group_by TEXT,
  group_attributes TEXT,         -- JSON list, or NULL
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- An event with all of its deliveries: written once, after the first attempts, so that the common case costs one row.
CREATE TABLE events (
  id TEXT PRIMARY KEY,
  integration_id TEXT NOT NULL,
  type TEXT,                     -- what a destination is told, or NULL where nobody is told anything
  outcome TEXT NOT NULL,
  alert_id TEXT,
  received_at TEXT NOT NULL,
  version INTEGER NOT NULL,      -- raised by every change; a writer that read an older one reads again
  sweep_at INTEGER,              -- ms since 1970; the sweep re-sends the pending deliveries of a row that is past it
  deliveries TEXT NOT NULL,      -- JSON list, in the shape of the API
  alert TEXT,                    -- JSON: the alert as this event left it; part of what every attempt sends
  content TEXT NOT NULL          -- JSON: {request, signal, payload?}, or {stored_at}: the message is in R2
) STRICT, WITHOUT ROWID;
CREATE INDEX events_to_sweep ON events (sweep_at) WHERE sweep_at IS NOT NULL;

-- Which events a key has had: a set that only grows, so that its union is the same in any order. Alert state is computed from it.
CREATE TABLE alert_histories (
  namespace TEXT NOT NULL,       -- the integration's id, or '*' where integrations share keys
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  log TEXT NOT NULL,             -- JSON object: event id -> action
  folded TEXT,                   -- JSON: what came before the log, where it grew long
  PRIMARY KEY (namespace, key)
) STRICT, WITHOUT ROWID;

-- Other keys that a shared key can be found by. `key` may be an alias in turn; rows are only ever added.
CREATE TABLE alert_aliases (
  alias TEXT PRIMARY KEY,
  key TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the API shows of the episodes in alert_histories.
CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  integration_id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,             -- as the event that opened it named it
  status TEXT NOT NULL,
  fields TEXT NOT NULL,          -- JSON: title, description, urgency, tags, meta, incident, additional_data
  fields_from TEXT NOT NULL,     -- the event that said so
  dedup_count INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  acknowledged_at TEXT,
  resolved_at TEXT
) STRICT, WITHOUT ROWID;

-- Which event owns a sender's own event id, Idempotency-Key or webhook-id.
CREATE TABLE repeat_keys (
  integration_id TEXT NOT NULL,
  repeat_key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (integration_id, repeat_key)
) STRICT, WITHOUT ROWID;

-- Accepted events that a queue may not hold.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,           -- the event's id
  message TEXT NOT NULL,         -- JSON, as it is sent to the EVENTS queue
  sends INTEGER NOT NULL,        -- how often the sweep has sent it
  send_at INTEGER NOT NULL       -- ms since 1970; the sweep sends it after this
) STRICT, WITHOUT ROWID;

-- Messages that our own faults kept from being processed.
CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY,           -- the queue message's id
  queue TEXT NOT NULL,
  message TEXT NOT NULL,         -- JSON
  received_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers to admin POSTs that carried an Idempotency-Key.
CREATE TABLE idempotent_answers (
  idempotency_key TEXT PRIMARY KEY,
  request_hash TEXT NOT NULL,
  answer TEXT,                   -- sealed {status, body}; NULL while the first request runs
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
