/** Headers that a destination cannot set, because the gateway sets them or they control the connection. In lower case. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "signature",
  "signature-input",
  "content-digest",
  "upgrade",
  "content-encoding",
  "keep-alive",
  "te",
  "trailer",
  "expect",
  "proxy-connection",
]);

/** A destination cannot set headers with this prefix either. */
export const RESERVED_PREFIX = "webhook-";
