import { type Result, fail, ok } from "../model/result.ts";
import { utf8 } from "./hmac.ts";
import { type SigningKey, signBytes } from "./signing-key.ts";

// HTTP Message Signatures (RFC 9421) over requests, and the digest of a body (RFC 9530).

/** One line of the signed text: the name of a field or a derived component such as `@method`, and its value. */
export type Component = { readonly name: string; readonly value: string };

/** `created` is in seconds. `alg` is null if the key's id implies it. */
export type SignatureParameters = { readonly created: number; readonly keyid: string; readonly alg: string | null };

/** The values of the fields `signature-input` and `signature`, without their label. */
export type MessageSignature = { readonly input: string; readonly signature: string };

const PRINTABLE = /^[\x20-\x7e]*$/;

/** Returns the value of `Content-Digest` for a body. */
export async function contentDigest(body: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", body);
  return `sha-256=:${new Uint8Array(digest).toBase64()}:`;
}

// Not by a regular expression: that would take quadratic time on a value with many blanks.
function trimBlanks(line: string): string {
  const isBlank = (at: number): boolean => line[at] === " " || line[at] === "\t";
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return line.slice(start, end);
}

/** Returns a field's value as section 2.1 signs it: trimmed, with folded lines joined. */
function canonical(value: string): string {
  const lines = value.split(/\r\n(?=[ \t])/);
  return trimBlanks(lines.map(trimBlanks).join(" "));
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function inputOf(components: readonly Component[], { created, keyid, alg }: SignatureParameters): string {
  const names = components.map(({ name }) => quoted(name)).join(" ");
  return `(${names});created=${created};keyid=${quoted(keyid)}${alg === null ? "" : `;alg=${quoted(alg)}`}`;
}

/**
 * Signs components in the given order. The error is the name of a component whose value contains characters that cannot
 * be signed.
 */
export async function signComponents(
  key: SigningKey,
  components: readonly Component[],
  parameters: SignatureParameters,
): Promise<Result<MessageSignature, string>> {
  const lines: string[] = [];
  for (const { name, value } of components) {
    const written = canonical(value);
    if (!PRINTABLE.test(written)) return fail(name);
    lines.push(`${quoted(name)}: ${written}`);
  }
  const input = inputOf(components, parameters);
  const signature = await signBytes(key, utf8([...lines, `"@signature-params": ${input}`].join("\n")));
  return ok({ input, signature: `:${signature.toBase64()}:` });
}
