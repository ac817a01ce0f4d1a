export const MANAGERS = ["config", "listen"] as const;

/**
 * What manages an integration, a destination or a route: `config` if `PUT /config` has created, changed or named it, and
 * `listen` if it was made for a command `listen`, at whose end it is deleted.
 */
export type ManagedBy = (typeof MANAGERS)[number];
