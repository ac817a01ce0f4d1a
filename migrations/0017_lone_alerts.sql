CREATE TABLE lone_alerts (
  -- Packs of alerts whose only event is the one that opened them, so that they need no row in `alerts`. A row there counts, if there is
  -- one. Alerts above the watermark of the rollups are in no pack yet: the rows of their openers in `events` say all of them.
  first_id TEXT PRIMARY KEY,     -- the first alert; packs do not overlap
  alerts TEXT NOT NULL           -- JSON list of [integration_id, alert], as the opener left the alert, in the order of their ids
) STRICT, WITHOUT ROWID;
ALTER TABLE config_revision ADD COLUMN lone_alerts_from INTEGER NOT NULL DEFAULT 0 /* ms since 1970: from then on, alerts with one event have no row in `alerts`, which the release before needs */;
-- For a day, the release before can be put back. A gateway without integrations has none.
UPDATE config_revision SET lone_alerts_from = (unixepoch() + 86400) * 1000 WHERE EXISTS (SELECT 1 FROM integrations);
