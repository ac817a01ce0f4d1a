/** The variables that a local gateway takes from its environment. */
export const VARIABLES = Object.freeze([
  "ADMIN_TOKEN",
  "MASTER_KEY",
  "MASTER_KEY_PREVIOUS",
  "ALLOW_PRIVATE_DESTINATIONS",
  "ACCEPT_DURABILITY",
  "RETRY_SCHEDULE",
  "RETENTION_DAYS",
  "HOT_HOURS",
  "DISABLE_AFTER_SECONDS",
  "EVENT_ROW_BYTES",
  "ACCESS_TEAM_DOMAIN",
  "ACCESS_AUD",
  "ACCESS_ROLES",
]);
