export const MANAGERS = ["config"] as const;

/** What manages an integration, a destination or a route: `config` if `PUT /config` has created, changed or named it. */
export type ManagedBy = (typeof MANAGERS)[number];
