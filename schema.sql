-- The whole of Hookgate's state in D1. Row writes are the bill, so every table is keyed by what it is read by, without a second key;
-- ids sort by time, so "newest first" needs no index. JSON columns hold what is only ever read and written whole.
-- Every shard has all of these tables. Configuration and what belongs to destinations is in the home's only: catalog_revision,
-- integrations, integration_addresses, destinations, routes, tokens, oauth_*, idempotent_answers, destination_*, expectations.
-- The others hold what belongs to the events of their shard, so no statement may join the two.

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
  shard INTEGER NOT NULL DEFAULT 0, -- where its events are; set once, when it is made
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
  sealed_headers TEXT NOT NULL DEFAULT '{}', -- JSON object: headers whose values are secrets, sealed
  auth TEXT NOT NULL,            -- JSON; secrets sealed
  signing TEXT NOT NULL,         -- JSON: the scheme and its options, no secret
  signing_secrets TEXT NOT NULL, -- JSON list of {sealed, expires_at}; the first is the current one
  payload TEXT NOT NULL,         -- JSON
  options TEXT NOT NULL,         -- JSON: what its type needs to know
  timeout_ms INTEGER NOT NULL,
  retry_schedule TEXT,           -- JSON list of seconds, or NULL for the default
  rate_limit TEXT,               -- JSON {requests, period_seconds}, or NULL
  max_concurrency INTEGER,       -- how many attempts at a time, or NULL
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
  grouped INTEGER NOT NULL DEFAULT 0,  -- how many destinations are owed it in a group
  weight INTEGER NOT NULL DEFAULT 1,   -- how many events its deliveries stand for: more than one in a group's own event
  alert TEXT,                    -- JSON: the alert as this event left it; part of what every attempt sends
  content TEXT NOT NULL          -- JSON: {request, signal, payload?}, or {stored_at}: the message is in R2
) STRICT, WITHOUT ROWID;
CREATE INDEX events_to_sweep ON events (sweep_at) WHERE sweep_at IS NOT NULL;
-- What failed for good is rare and is what people ask for. A query has to repeat the condition for these to be used.
CREATE INDEX events_with_dead ON events (id) WHERE instr(deliveries, '"status":"dead"') > 0;
CREATE INDEX events_with_cancelled ON events (id) WHERE instr(deliveries, '"status":"cancelled"') > 0;

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

-- Access tokens of destinations that authenticate by OAuth2. Each token is sealed anew, so `sealed` tells one from the next.
CREATE TABLE oauth_tokens (
  destination_id TEXT PRIMARY KEY,
  sealed TEXT,                   -- JSON, sealed with the destination's id; NULL while the first one is being fetched
  expires_at INTEGER,            -- ms since 1970; NULL where the server did not say
  renewable INTEGER NOT NULL,    -- 1: a new one can be had without anybody's consent
  leased_until INTEGER NOT NULL  -- ms since 1970; until then one attempt renews it, and the others wait for what it gets
) STRICT, WITHOUT ROWID;

-- Authorizations that were begun and wait for the callback.
CREATE TABLE oauth_requests (
  state_hash TEXT PRIMARY KEY,   -- the keyed hash of `state`
  destination_id TEXT NOT NULL,
  sealed TEXT NOT NULL,          -- JSON {code_verifier, redirect_uri}, sealed with the destination's id
  expires_at INTEGER NOT NULL    -- ms since 1970
) STRICT, WITHOUT ROWID;

-- Windows of routes that group. A group's id is made of its route and the event that opened it.
CREATE TABLE groups (
  id TEXT PRIMARY KEY,
  route_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  group_key TEXT NOT NULL,
  destination_ids TEXT NOT NULL, -- JSON list, as it was when the window opened
  opened_at INTEGER NOT NULL,    -- ms since 1970, as is the next
  closes_at INTEGER NOT NULL,
  sealed INTEGER NOT NULL,       -- 1: takes no more events, and is being delivered or has been
  event_id TEXT                  -- the event that was made of it, once it is on record
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_open ON groups (route_id, group_key) WHERE event_id IS NULL;

CREATE TABLE group_members (
  group_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (group_id, event_id)
) STRICT, WITHOUT ROWID;

-- API tokens beside the first administrator's; only their keyed hashes.
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,          -- JSON list
  token_hash TEXT NOT NULL,
  expires_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_by_hash ON tokens (token_hash);

-- Destinations that are failing now; a destination without a row is well.
CREATE TABLE destination_health (
  destination_id TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,     -- in a row
  failing_since INTEGER NOT NULL, -- ms since 1970, as are the next
  retry_at INTEGER,              -- the breaker is open until then; NULL while it is closed
  probe_until INTEGER            -- somebody is trying it, and has until then
) STRICT, WITHOUT ROWID;

-- How far the attempts of a destination with a rate limit are booked: the number of the next free place.
CREATE TABLE destination_bookings (
  destination_id TEXT PRIMARY KEY,
  pace TEXT NOT NULL,            -- the limit that places are counted by; another one counts anew
  booked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is sending to a destination with a limit of concurrency, and how many at a time.
CREATE TABLE destination_leases (
  destination_id TEXT NOT NULL,
  lease TEXT NOT NULL,
  lanes INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,   -- ms since 1970
  PRIMARY KEY (destination_id, lease)
) STRICT, WITHOUT ROWID;

-- Replays in bulk: what they take, and how far they are. One that works in several shards has a row in each, under one id.
CREATE TABLE replays (
  id TEXT PRIMARY KEY,
  filter TEXT NOT NULL,          -- JSON
  status TEXT NOT NULL,
  rate_per_second INTEGER NOT NULL,
  parts INTEGER NOT NULL DEFAULT 1, -- in how many shards it is at work; they share the rate
  count INTEGER NOT NULL,        -- how many deliveries there were to repeat when it was begun
  replayed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  position TEXT NOT NULL,        -- the last event that it is through with
  step_at INTEGER NOT NULL,      -- ms since 1970; nobody takes its next step before this
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was accepted in each hour, counted once and apart from the deliveries, so that the two can be compared.
CREATE TABLE tallies (
  hour INTEGER PRIMARY KEY,      -- hours since 1970, of the time of receipt
  accepted INTEGER NOT NULL,     -- events × destinations owed
  changes INTEGER NOT NULL DEFAULT 0,
  counts TEXT                    -- JSON: what has become of them, once the hour is over and nothing of it is pending
) STRICT, WITHOUT ROWID;

-- What the sweep does now and then: when it may next, and how far it has come through a table.
CREATE TABLE upkeep (
  task TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL,      -- ms since 1970
  position TEXT NOT NULL         -- JSON: primary keys by table
) STRICT, WITHOUT ROWID;

-- Integrations that are expected to hear from their sender every so often.
CREATE TABLE expectations (
  integration_id TEXT PRIMARY KEY,
  shard INTEGER NOT NULL DEFAULT 0, -- the integration's, for an alert may outlive it
  seen_at INTEGER NOT NULL,      -- ms since 1970: the newest event that was noticed, or when counting began
  silent_since INTEGER           -- ms since 1970: when an alert was opened for it; NULL while there is none
) STRICT, WITHOUT ROWID;
