/** A key of the shared namespace as the database has it. */
export type KeyNode = {
  readonly key: string;
  /** The key that it is an alias of, or null if it is not an alias. */
  readonly target: string | null;
  /** The version and the length of its own history; both null if it has none. */
  readonly version: number | null;
  readonly size: number | null;
};

/** Makes `alias` another name of `key`. */
export type AliasLink = { readonly alias: string; readonly key: string };

/** A history that was merged into that of another key. It is kept until the result of the merge is on record. */
export type MergedHistory = { readonly key: string; readonly version: number };
