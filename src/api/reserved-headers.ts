/** Headers that the gateway sets itself and those that steer the connection, in lower case: a destination cannot set them. */
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

/** No more can any header that begins like this. */
export const RESERVED_PREFIX = "webhook-";
