/** A request as it arrived. */
export type ReceivedRequest = {
  /** `Headers`, or an object such as `request.headers` of Node. Names are compared without regard to case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes that arrived, before anything parsed them. */
  readonly body: Uint8Array | ArrayBuffer;
  /** For `rfc9421` only: the method, in capitals. */
  readonly method?: string | undefined;
  /** For `rfc9421` only: the URL that the destination has, its query included. Behind a proxy, this is the public URL. */
  readonly url?: string | undefined;
};

/** Why a request must not be trusted. */
export type Refusal =
  | { readonly reason: "missing_header" | "malformed_header"; readonly header: string }
  /** The time of the request is outside the tolerance. `age_seconds` is negative for a time in the future. */
  | { readonly reason: "too_old" | "too_new"; readonly age_seconds: number }
  /** The body is not the one that `content-digest` names. */
  | { readonly reason: "wrong_digest" }
  /** No signature in the request was made with a given key over this request. */
  | { readonly reason: "no_matching_signature" }
  /** A given key is not a key of its scheme, or the platform cannot use it. */
  | { readonly reason: "invalid_key" }
  /** The signature is good, but the body is not an envelope: the destination has another `payload` mode. */
  | { readonly reason: "not_an_envelope" };

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Refusal };

export function checked<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refused<T>(error: Refusal): Checked<T> {
  return { ok: false, error };
}

/** Bounds the work that a request can cause before it is known to be genuine. */
const MAX_HEADER_LENGTH = 8_192;
const TIMESTAMP = /^\d{1,11}$/;

/** `instanceof` would miss the class of a framework that brings its own. */
function isHeaders(headers: ReceivedRequest["headers"]): headers is Headers {
  return typeof headers.get === "function";
}

function headerValue({ headers }: ReceivedRequest, name: string): string {
  if (isHeaders(headers)) return headers.get(name) ?? "";
  const values = Object.entries(headers).flatMap(([key, value = []]) => (key.toLowerCase() === name ? value : []));
  return values.join(", ");
}

/** A header, without white space at its ends. `name` is in lower case. */
export function readHeader(received: ReceivedRequest, name: string): Checked<string> {
  const value = headerValue(received, name).trim();
  if (value === "") return refused({ reason: "missing_header", header: name });
  if (value.length > MAX_HEADER_LENGTH) return refused({ reason: "malformed_header", header: name });
  return checked(value);
}

/** The id and the time of a request, before its signature is verified. */
export type Identity = { readonly id: string; readonly timestamp: string };

/** Reads the two headers that every scheme sends. */
export function readIdentity(received: ReceivedRequest): Checked<Identity> {
  const id = readHeader(received, "webhook-id");
  if (!id.ok) return id;
  // With a full stop in the id, another split of the same text would have the same signature.
  if (id.value.includes(".")) return refused({ reason: "malformed_header", header: "webhook-id" });
  const timestamp = readHeader(received, "webhook-timestamp");
  if (!timestamp.ok) return timestamp;
  if (!TIMESTAMP.test(timestamp.value)) return refused({ reason: "malformed_header", header: "webhook-timestamp" });
  return checked({ id: id.value, timestamp: timestamp.value });
}

/** The refusal of a time that is too far from now; null if the time is good. */
export function judgeAge(timestamp: string, nowMs: number, toleranceSeconds: number): Refusal | null {
  const age_seconds = Math.floor(nowMs / 1_000) - Number(timestamp);
  if (age_seconds > toleranceSeconds) return { reason: "too_old", age_seconds };
  return age_seconds < -toleranceSeconds ? { reason: "too_new", age_seconds } : null;
}

export function bodyOf({ body }: ReceivedRequest): Uint8Array<ArrayBuffer> {
  return new Uint8Array(body);
}
