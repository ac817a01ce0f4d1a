import { CHECKED_ADDRESS_LENGTH, CHECKSUM_LENGTH, encodeBase32 } from "../model/ids.ts";
import { bytesMatch } from "./bytes-match.ts";
import { type KeyRing, textsMatch } from "./key-ring.ts";

// Addresses of integrations, API tokens, sessions and the `state` of an authorization end with a checksum, so that a made-up one
// is refused without a call to the database. A checksum is no credential: what passes it is looked up as before.

/** 40 bits are 8 letters of an id. */
const ADDRESS_CHECKSUM_BYTES = 5;
const SECRET_BYTES = 28;
const SECRET_CHECKSUM_BYTES = 4;
const TOKEN_PREFIX = "hgt_";

/** The form of API tokens, with and without a checksum. */
export const API_TOKEN = /^hgt_[A-Za-z0-9+/]{43}=$/;
/** The form of a `state`, with and without a checksum. */
export const STATE = /^[A-Za-z0-9_-]{43}$/;
/** The form of a session's secret. */
export const SESSION_SECRET = /^[A-Za-z0-9_-]{43}$/;

type Checksums = Pick<KeyRing, "checksum">;

/** Returns an address for an integration: a new id, and its checksum. */
export async function withChecksum(keys: Checksums, id: string): Promise<string> {
  return id + encodeBase32((await keys.checksum(id)).subarray(0, ADDRESS_CHECKSUM_BYTES));
}

/** Returns whether an address ends with its checksum. */
export async function hasChecksum(keys: Checksums, address: string): Promise<boolean> {
  if (address.length !== CHECKED_ADDRESS_LENGTH) return false;
  return textsMatch(await withChecksum(keys, address.slice(0, -CHECKSUM_LENGTH)), address);
}

async function checksumOf(keys: Checksums, purpose: string, random: Uint8Array): Promise<Uint8Array> {
  return (await keys.checksum(`${purpose} ${random.toBase64()}`)).subarray(0, SECRET_CHECKSUM_BYTES);
}

async function generate(keys: Checksums, purpose: string): Promise<Uint8Array> {
  const random = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return new Uint8Array([...random, ...(await checksumOf(keys, purpose, random))]);
}

async function isGenerated(keys: Checksums, purpose: string, bytes: Uint8Array): Promise<boolean> {
  return bytesMatch(bytes.subarray(SECRET_BYTES), await checksumOf(keys, purpose, bytes.subarray(0, SECRET_BYTES)));
}

/** Returns a new API token: 28 random bytes and their checksum. */
export async function generateToken(keys: Checksums): Promise<string> {
  return TOKEN_PREFIX + (await generate(keys, "token")).toBase64();
}

/** Returns whether an API token ends with its checksum. Its form must have been checked. */
export async function tokenHasChecksum(keys: Checksums, token: string): Promise<boolean> {
  return await isGenerated(keys, "token", Uint8Array.fromBase64(token.slice(TOKEN_PREFIX.length)));
}

/** Returns a new `state` of an OAuth2 authorization: 28 random bytes and their checksum. */
export async function generateState(keys: Checksums): Promise<string> {
  return (await generate(keys, "state")).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Returns whether a `state` ends with its checksum. Its form must have been checked. */
export async function stateHasChecksum(keys: Checksums, state: string): Promise<boolean> {
  return await isGenerated(keys, "state", Uint8Array.fromBase64(state, { alphabet: "base64url" }));
}

/** Returns a new secret for a session of a token: 28 random bytes and their checksum, which holds for this token only. */
export async function generateSessionSecret(keys: Checksums, tokenId: string): Promise<string> {
  return (await generate(keys, `session ${tokenId}`)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Returns whether a session's secret was made for a token. Its form must have been checked. */
export async function sessionSecretHasChecksum(keys: Checksums, tokenId: string, secret: string): Promise<boolean> {
  return await isGenerated(keys, `session ${tokenId}`, Uint8Array.fromBase64(secret, { alphabet: "base64url" }));
}
