/** What the keys of a gateway are for. `address` makes the checksums of addresses and tokens, and never changes. */
export const KEY_PURPOSES = ["seal", "hash", "sign", "address"] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** A key as one master key wrapped it. `at` is when, in ms since 1970. */
export type Wrap = { readonly wrapped: string; readonly at: number };

/** A key as it is stored. `wraps` are by the id of the master key. */
export type StoredKey = {
  /** One of KEY_PURPOSES; a row of another purpose is ignored. */
  readonly purpose: string;
  readonly id: string;
  readonly created_at: string;
  /** Until when a replaced signing key signs beside its successor, or null for a key in use. */
  readonly expires_at: string | null;
  readonly wraps: Readonly<Record<string, Wrap>>;
};
