/** How the values that a template writes are escaped, by the format of the whole text. */
export type OutputFormat = {
  readonly escape: (text: string) => string;
  /** Filters after which a value is not escaped again, beside `raw`. */
  readonly finished: readonly string[];
  /** Escapes values after the filter `raw`, too. */
  readonly is_strict?: true;
};
