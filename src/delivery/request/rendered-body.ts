/** The body of a delivery, the same on every attempt. */
export type Body = {
  readonly bytes: Uint8Array;
  readonly content_type: string;
  /** The address to send to, if it is not the destination's own URL. */
  readonly url?: string;
  /** Credentials in the form that the receiving tool expects. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Secrets in the body or headers, which the log must not show if a response repeats them. */
  readonly secrets?: readonly string[];
};
