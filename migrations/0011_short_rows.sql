ALTER TABLE config_revision ADD COLUMN short_rows_from INTEGER NOT NULL DEFAULT 0 /* ms since 1970: from then on, events are written in the short form, which the release before cannot read */;
-- For a day, the release before can be put back. A gateway without integrations has none.
UPDATE config_revision SET short_rows_from = (unixepoch() + 86400) * 1000 WHERE EXISTS (SELECT 1 FROM integrations);
