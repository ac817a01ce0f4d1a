-- Generated from migrations/ by `npm run schema`: what all migrations together make. Do not edit: write a migration
-- (CONTRIBUTING.md, "Change the schema").

CREATE TABLE config_revision (
  -- One row. Every change of the configuration increments `revision`; isolates reload their cached configuration when it changes.
  -- Every database has all tables, but only the primary database uses this one and integrations, integration_addresses,
  -- destinations, routes, tokens, oauth_tokens, oauth_requests, api_idempotency_keys, destination_health, rate_limit_slots,
  -- concurrency_leases and heartbeats. The others hold the events of their shard, so no statement may join the two kinds.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL
, watched_until INTEGER NOT NULL DEFAULT 0 /* ms since 1970: until then somebody may look at the dashboard, who is notified of changes */, short_rows_from INTEGER NOT NULL DEFAULT 0 /* ms since 1970: from then on, events are written in the short form, which the release before cannot read */, segments_from INTEGER NOT NULL DEFAULT 0 /* ms since 1970: from then on, events move to segments, which the release before cannot read */, lone_alerts_from INTEGER NOT NULL DEFAULT 0 /* ms since 1970: from then on, alerts with one event have no row in `alerts`, which the release before needs */);
INSERT INTO config_revision (id, revision, watched_until, short_rows_from, segments_from, lone_alerts_from) VALUES (1, 1, 0, 0, 0, 0);

CREATE TABLE integrations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  auth TEXT NOT NULL,            -- JSON; tokens as keyed hashes, secrets that verify signatures sealed
  allowed_ips TEXT,              -- JSON list of CIDR ranges; NULL allows every address
  options TEXT NOT NULL,         -- JSON
  response TEXT,                 -- JSON, or NULL for the default response
  rate_limit TEXT,               -- JSON, or NULL for no limit
  address TEXT,                  -- the last part of its URL, or NULL while that is its id
  shard INTEGER NOT NULL DEFAULT 0, -- the shard of its events; assigned at creation, never changed
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
, external_id /* the name that API clients gave it, or NULL */ TEXT, managed_by /* 'config' if PUT /config manages it, or NULL */ TEXT, handshake /* JSON {echo: {from, name}, as, name}, or NULL */ TEXT, transformation_id /* what its events pass before they are routed, or NULL */ TEXT) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX integrations_by_external_id ON integrations (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX integrations_by_transformation ON integrations (transformation_id) WHERE transformation_id IS NOT NULL;

CREATE TABLE integration_addresses (
  -- The addresses of integrations whose URL was rotated: the current one and those that still work.
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
  sealed_headers TEXT NOT NULL DEFAULT '{}', -- JSON object of header values that are secrets, sealed
  auth TEXT NOT NULL,            -- JSON; secrets sealed
  signing TEXT NOT NULL,         -- JSON: the scheme and its options, without the secret
  signing_secrets TEXT NOT NULL, -- JSON list of {sealed, expires_at}; the first is the current one
  payload TEXT NOT NULL,         -- JSON
  options TEXT NOT NULL,         -- JSON, by type
  timeout_ms INTEGER NOT NULL,
  retry_schedule TEXT,           -- JSON list of seconds, or NULL for the default
  rate_limit TEXT,               -- JSON {requests, period_seconds}, or NULL for no limit
  max_concurrency INTEGER,       -- attempts at a time, or NULL for no limit
  enabled INTEGER NOT NULL,
  disabled_reason TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
, external_id /* the name that API clients gave it, or NULL */ TEXT, managed_by /* 'config' if PUT /config manages it, or NULL */ TEXT, paused_at /* since when its deliveries wait; NULL while it is not paused */ TEXT, forward_headers /* JSON list of a sender's headers to send along; NULL as an empty list */ TEXT, transformation_id /* what its payloads pass before they are sent, or NULL */ TEXT, requests TEXT NOT NULL DEFAULT '{}' /* JSON object: type of an event -> what its request has in place of the destination's own */) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX destinations_by_external_id ON destinations (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX destinations_by_transformation ON destinations (transformation_id) WHERE transformation_id IS NOT NULL;

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
, external_id /* the name that API clients gave it, or NULL */ TEXT, managed_by /* 'config' if PUT /config manages it, or NULL */ TEXT) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX routes_by_external_id ON routes (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE events (
  -- An event with all its deliveries: one row, written once after the first attempts, because each row write is billed.
  id TEXT PRIMARY KEY,
  integration_id TEXT NOT NULL,
  type TEXT,                     -- the type that is delivered, or NULL if the event has no deliverable outcome
  outcome TEXT NOT NULL,
  alert_id TEXT,
  received_at TEXT NOT NULL,
  version INTEGER NOT NULL,      -- incremented by every change, for optimistic locking
  rescue_at INTEGER,             -- ms since 1970; from then on maintenance re-enqueues the pending deliveries; NULL if none is pending
  deliveries TEXT NOT NULL,      -- JSON list, as the API shows them
  grouped INTEGER NOT NULL DEFAULT 0,  -- the number of destinations that receive it within a group
  weight INTEGER NOT NULL DEFAULT 1,   -- the number of events that each delivery counts for; above 1 for the event of a group
  alert TEXT,                    -- JSON: the alert as this event left it; part of the delivered body
  content TEXT NOT NULL          -- JSON: {request, signal, payload?}, or {stored_at} if the message is in R2
, accepted_as /* JSON list [isolate, number, sure, refused]: the number of its message; NULL if it had none */ TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX events_to_rescue ON events (rescue_at) WHERE rescue_at IS NOT NULL;
CREATE INDEX events_with_dead ON events (id)
  -- Failed deliveries are rare, and most searches are for them. SQLite uses the index only if a query repeats the condition.
  WHERE instr(deliveries, '"status":"dead"') > 0;
CREATE INDEX events_with_cancelled ON events (id) WHERE instr(deliveries, '"status":"cancelled"') > 0;

CREATE TABLE alert_histories (
  -- The events of each key: a set that only grows, so that its union is the same in any order. Alert state is computed from it.
  namespace TEXT NOT NULL,       -- the integration's id, or '*' if integrations share keys
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  log TEXT NOT NULL,             -- JSON object: event id -> action
  compacted TEXT, urgencies /* JSON object: event id -> urgency, of the events in the log that have one; NULL if none has */ TEXT,                -- JSON: the state before the log, or NULL if the log is complete
  PRIMARY KEY (namespace, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_aliases (
  -- Other keys that find a shared key. `key` may itself be an alias. Rows are only added.
  alias TEXT PRIMARY KEY,
  key TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
  -- The episodes of alert_histories, as the API shows them.
  id TEXT PRIMARY KEY,
  integration_id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,             -- the key that the opening event used
  status TEXT NOT NULL,
  fields TEXT NOT NULL,          -- JSON: title, description, urgency, tags, meta, incident, additional_data
  fields_from TEXT NOT NULL,     -- the event that set the fields
  dedup_count INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  acknowledged_at TEXT,
  resolved_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE inbound_idempotency_keys (
  -- The first event with a sender's event id, Idempotency-Key or webhook-id.
  integration_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (integration_id, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  -- Accepted events that are possibly in no queue.
  id TEXT PRIMARY KEY,           -- the event's id
  message TEXT NOT NULL,         -- JSON: the message for the EVENTS queue
  sends INTEGER NOT NULL,        -- how often maintenance has sent it
  send_at INTEGER NOT NULL       -- ms since 1970; maintenance sends it after this time
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  -- Messages that could not be processed because of a fault in the gateway.
  id TEXT PRIMARY KEY,           -- the queue message's id
  queue TEXT NOT NULL,
  message TEXT NOT NULL,         -- JSON
  received_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_idempotency_keys (
  -- Responses to API requests with an Idempotency-Key.
  idempotency_key TEXT PRIMARY KEY,
  request_hash TEXT NOT NULL,
  response TEXT,                 -- sealed {status, body}; NULL while the first request runs
  created_at TEXT NOT NULL
, shows /* the event or the alert whose content the response shows, '*' for any; NULL if none */ TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE oauth_tokens (
  -- Access tokens of destinations that authenticate by OAuth 2. Each token is sealed anew, so `sealed` identifies it.
  destination_id TEXT PRIMARY KEY,
  sealed TEXT,                   -- JSON, sealed with the destination's id; NULL while the first token is being fetched
  expires_at INTEGER,            -- ms since 1970; NULL if the server did not say
  renewable INTEGER NOT NULL,    -- 1 if a new token needs nobody's consent
  leased_until INTEGER NOT NULL  -- ms since 1970; until then one attempt renews the token and the others wait for it
) STRICT, WITHOUT ROWID;

CREATE TABLE oauth_requests (
  -- Authorizations that wait for the callback.
  state_hash TEXT PRIMARY KEY,   -- the keyed hash of `state`
  destination_id TEXT NOT NULL,
  sealed TEXT NOT NULL,          -- JSON {code_verifier, redirect_uri}, sealed with the destination's id
  expires_at INTEGER NOT NULL    -- ms since 1970
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
  -- Windows of routes that group events. A group's id is derived from its route and the event that opened it.
  id TEXT PRIMARY KEY,
  route_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  group_key TEXT NOT NULL,
  destination_ids TEXT NOT NULL, -- JSON list, as of the opening
  opened_at INTEGER NOT NULL,    -- ms since 1970
  closes_at INTEGER NOT NULL,    -- ms since 1970
  closed INTEGER NOT NULL,       -- 1 if it takes no more events
  event_id TEXT                  -- the event of the group, or NULL until that is recorded
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_open ON groups (route_id, group_key) WHERE event_id IS NULL;

CREATE TABLE group_members (
  group_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (group_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  -- API tokens, without the first administrator's.
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,          -- JSON list
  token_hash TEXT NOT NULL,      -- keyed
  expires_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_by_hash ON tokens (token_hash);

CREATE TABLE destination_health (
  -- Failing destinations. A healthy destination has no row.
  destination_id TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,     -- consecutive
  failing_since INTEGER NOT NULL, -- ms since 1970
  retry_at INTEGER,              -- ms since 1970; the circuit breaker is open until then; NULL while it is closed
  probe_until INTEGER            -- ms since 1970; until then one attempt probes the destination; NULL if none does
, announced /* 1 once an event that is not of the gateway itself failed: destination.failing, then destination.recovered */ INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE rate_limit_slots (
  -- Attempts of a destination with a rate limit take numbered slots, a fixed number in each period since 1970.
  destination_id TEXT PRIMARY KEY,
  rate_limit TEXT NOT NULL,      -- the limit that the slots are numbered by; another limit numbers them anew
  next_slot INTEGER NOT NULL     -- the first free slot
) STRICT, WITHOUT ROWID;

CREATE TABLE concurrency_leases (
  -- Attempts in flight to destinations with a limit of concurrency.
  destination_id TEXT NOT NULL,
  lease_id TEXT NOT NULL,
  attempts INTEGER NOT NULL,     -- the number of attempts at a time
  expires_at INTEGER NOT NULL,   -- ms since 1970
  PRIMARY KEY (destination_id, lease_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE replays (
  -- Bulk replays and their progress. A replay that works in several shards has a row in each, under one id.
  id TEXT PRIMARY KEY,
  filter TEXT NOT NULL,          -- JSON
  status TEXT NOT NULL,
  rate_per_second INTEGER NOT NULL,
  parts INTEGER NOT NULL DEFAULT 1, -- the number of shards that share the rate
  count INTEGER NOT NULL,        -- the number of matching deliveries at the start
  replayed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  position TEXT NOT NULL,        -- the id of the last event that is finished
  step_at INTEGER NOT NULL,      -- ms since 1970; the next step is not taken before this time
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
, count_is_exact /* 0 if more deliveries may match than `count` says: a count reads a bounded number of events */ INTEGER NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;

CREATE TABLE rollups (
  -- Counts by hour of receipt. `accepted` is counted apart from the deliveries, so that the two can be compared.
  hour INTEGER PRIMARY KEY,      -- hours since 1970
  accepted INTEGER NOT NULL,     -- events × destinations
  changes INTEGER NOT NULL DEFAULT 0, -- incremented by every change
  counts TEXT                    -- JSON: the outcomes, once the hour is over and nothing of it is pending
, holds /* JSON object: id of an integration or destination -> its events of the hour up to the watermark, or '*' for many; NULL if not known */ TEXT, holds_at /* the value of changes that holds is complete for; another value means that an older version has written the row */ INTEGER, cold /* JSON object: the outcomes of its events that are in segments; NULL if none is */ TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance_tasks (
  -- The schedule of each maintenance task, and its cursors.
  task TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL,      -- ms since 1970
  position TEXT NOT NULL         -- JSON: the primary key of the last row that was read, by table
) STRICT, WITHOUT ROWID;

CREATE TABLE heartbeats (
  -- Integrations that expect an event at a regular interval.
  integration_id TEXT PRIMARY KEY,
  shard INTEGER NOT NULL DEFAULT 0, -- the integration's shard, because the alert can outlive the integration
  seen_at INTEGER NOT NULL,      -- ms since 1970: the newest event, or the time from which on events are expected
  silent_since INTEGER           -- ms since 1970: when the open alert was opened; NULL while none is open
) STRICT, WITHOUT ROWID;

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

CREATE TABLE accepted_numbers (
  -- Numbers of messages that maintenance cannot read from `events`: of repeats, late events and dead letters, and the last
  -- number of an isolate that fell idle. Maintenance adds them to its state and deletes the rows.
  id TEXT PRIMARY KEY,           -- random
  numbers TEXT NOT NULL          -- JSON list of [isolate, numbers, sure, refused, ms since 1970]
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  -- Sign-ins of browsers. Only the primary database uses this table.
  token_id TEXT NOT NULL,        -- the API token that the session stands for; `admin` for ADMIN_TOKEN
  hash TEXT NOT NULL,            -- keyed hash of the session's secret
  admin_hash TEXT,               -- keyed hash of the ADMIN_TOKEN that it began with; NULL for an API token
  created_at TEXT NOT NULL,
  used_at TEXT NOT NULL,         -- the last use, written at most every five minutes
  PRIMARY KEY (token_id, hash)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE rejections (
  -- Refused requests to integrations: at most one row for each integration and minute. Only the primary database uses this table.
  integration_id TEXT NOT NULL,
  minute INTEGER NOT NULL,       -- minutes since 1970
  counts TEXT NOT NULL,          -- JSON object: "<status> <code>" -> {count, at, example}; `at` in ms since 1970
  PRIMARY KEY (integration_id, minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE announcements (
  -- What limits how often a system event is sent about one subject. Only the primary database uses this table.
  subject TEXT PRIMARY KEY,      -- the type of the event, and the id of what it is about
  quiet_until INTEGER NOT NULL,  -- ms since 1970; until then no other one is sent
  since INTEGER NOT NULL,        -- ms since 1970: when the first occurrence was counted that no event has reported
  count INTEGER NOT NULL,        -- the occurrences that no event has reported
  facts TEXT NOT NULL            -- JSON: what the event says of its subject
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  -- Counts for charts: a row for each minute, hour or day in which something happened, and one of totals.
  step TEXT NOT NULL,            -- minute, hour, day or total
  at INTEGER NOT NULL,           -- minutes, hours or days since 1970; 0 for the totals
  counts TEXT NOT NULL,          -- JSON, or "gzip:" and its compressed form in base64
  PRIMARY KEY (step, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE series_parts (
  -- Counts that maintenance adds to `series`: of each pass of the rollups, and of attempts and events that come after it.
  id TEXT PRIMARY KEY,           -- random
  counts TEXT NOT NULL           -- JSON list of lists
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
  -- The cold part of the log: objects in R2 that hold rows of `events` as they were. An event is in exactly one place: in `events`,
  -- or in the one segment whose `removed` does not name it.
  id TEXT PRIMARY KEY,           -- seg_, the time of its last event, and a random part: segments sort as their events do
  from_id TEXT NOT NULL,         -- its first event
  to_id TEXT NOT NULL,           -- its last event, at most a day younger
  version INTEGER NOT NULL,      -- incremented by every change, for optimistic locking
  object_key TEXT NOT NULL,      -- in R2
  events INTEGER NOT NULL,       -- the number of events that were written, removed ones too
  bytes INTEGER NOT NULL,        -- the size of the object
  tail_offset INTEGER NOT NULL,  -- where in the object the heads of its events begin, and how long they are
  tail_length INTEGER NOT NULL,
  sequence INTEGER NOT NULL,     -- counts the segments of the shard
  root TEXT NOT NULL,            -- hex: the hash over the hashes of its events
  previous TEXT NOT NULL,        -- hex: the end of the chain before it; '' for the first segment
  chained TEXT NOT NULL,         -- hex: the end of the chain with it
  created_at TEXT NOT NULL,
  removed TEXT NOT NULL,         -- JSON list: ids of its events that are in `events` again, or that never left
  hours TEXT NOT NULL,           -- JSON object: hour -> [delivered, dead, cancelled, ignored] of its events, as `rollups.cold` counts them
  counts TEXT NOT NULL,          -- JSON object: integrations, destinations, statuses, outcomes, types -> {value: number}, or null for many
  alerts TEXT                    -- base64: a Bloom filter of the alerts of its events; NULL if none has one
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX segments_by_sequence ON segments (sequence);

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

CREATE TABLE transformation_runs (
  -- The last runs of each transformation that failed or wrote lines, newest first. In the primary.
  transformation_id TEXT PRIMARY KEY,
  runs TEXT NOT NULL             -- JSON list of {at, event_id, version, ok, duration_ms, logs, error, line}
) STRICT, WITHOUT ROWID;

CREATE TABLE captured_values (
  -- What destinations responded about an alert and later requests use, such as the key of a ticket: one row for each alert and
  -- destination. They go when the alert does.
  alert_id TEXT NOT NULL,
  destination_id TEXT NOT NULL,
  captured TEXT NOT NULL,        -- JSON object: name -> [value, id of the event whose delivery captured it]
  PRIMARY KEY (alert_id, destination_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lone_alerts (
  -- Packs of alerts whose only event is the one that opened them, so that they need no row in `alerts`. A row there counts, if there is
  -- one. Alerts above the watermark of the rollups are in no pack yet: the rows of their openers in `events` say all of them.
  first_id TEXT PRIMARY KEY,     -- the first alert; packs do not overlap
  alerts TEXT NOT NULL           -- JSON list of [integration_id, alert], as the opener left the alert, in the order of their ids
) STRICT, WITHOUT ROWID;
