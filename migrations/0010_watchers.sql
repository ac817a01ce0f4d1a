ALTER TABLE config_revision ADD COLUMN watched_until INTEGER NOT NULL DEFAULT 0 /* ms since 1970: until then somebody may look at the dashboard, who is notified of changes */;
