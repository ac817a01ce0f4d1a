import { concat, fromBase64, fromHex, utf8 } from "./bytes.ts";
import type { HmacFormat } from "./keys.ts";
import { type Checked, type Identity, type ReceivedRequest, bodyOf, checked, readHeader, refused } from "./received.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A signature that a request carries, and the bytes that it covers. */
export type Candidate = { readonly signature: Bytes; readonly message: Bytes };

/** The gateway signs with at most ten secrets at a time. */
const MAX_SIGNATURES = 20;

/** Refuses a header without a readable signature, or with too many. */
export function candidates(found: readonly (Candidate | null)[], header: string): Checked<readonly Candidate[]> {
  const good = found.filter((each) => each !== null);
  if (good.length === 0 || good.length > MAX_SIGNATURES) return refused({ reason: "malformed_header", header });
  return checked(good);
}

const candidate = (signature: Bytes | null, message: Bytes): Candidate | null =>
  signature === null ? null : { signature, message };

/** Standard Webhooks: `v1` is HMAC-SHA256, `v1a` is Ed25519. The header holds several signatures, separated by spaces. */
export function readStandardWebhooks(
  received: ReceivedRequest,
  { id, timestamp }: Identity,
  version: "v1" | "v1a",
): Checked<readonly Candidate[]> {
  const header = readHeader(received, "webhook-signature");
  if (!header.ok) return header;
  const message = concat([utf8(`${id}.${timestamp}.`), bodyOf(received)]);
  const items = header.value.split(/ +/).filter((item) => item.startsWith(`${version},`));
  return candidates(
    items.map((item) => candidate(fromBase64(item.slice(version.length + 1)), message)),
    "webhook-signature",
  );
}

const PLACEHOLDER = /\{\{\s*(id|timestamp|body)\s*\}\}/;

/** Whether the template of an `hmac` scheme signs the time. */
export function signsTime({ template }: HmacFormat): boolean {
  return /\{\{\s*timestamp\s*\}\}/.test(template);
}

/** An HMAC in a header of its own. While a secret is rotated, the header is a list. */
export function readHmac(
  received: ReceivedRequest,
  { id, timestamp }: Identity,
  { header, prefix, encoding, template }: HmacFormat,
): Checked<readonly Candidate[]> {
  const value = readHeader(received, header.toLowerCase());
  if (!value.ok) return value;
  const parts = { id: utf8(id), timestamp: utf8(timestamp), body: bodyOf(received) };
  // Splitting by a pattern with a group puts what the group matched at the odd positions.
  const pieces = template.split(new RegExp(PLACEHOLDER, "g"));
  const message = concat(
    pieces.map((piece, index) => {
      if (index % 2 === 0) return utf8(piece);
      return piece === "id" ? parts.id : piece === "timestamp" ? parts.timestamp : parts.body;
    }),
  );
  const decode = encoding === "hex" ? fromHex : fromBase64;
  const items = value.value.split(prefix.includes(",") ? / +/ : / *, */).filter((item) => item.startsWith(prefix));
  return candidates(
    items.map((item) => candidate(decode(item.slice(prefix.length)), message)),
    header,
  );
}
