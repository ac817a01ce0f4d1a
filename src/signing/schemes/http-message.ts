import { type Result, fail, ok } from "../../model/result.ts";
import { utf8 } from "../hmac.ts";
import { type SigningKey, signBytes } from "../signing-key.ts";

// HTTP Message Signatures (RFC 9421) over requests, and the digest of a body (RFC 9530).

/** One line of what is signed: a field's name or a derived component such as `@method`, and its value. */
export type Component = { readonly name: string; readonly value: string };

/** `created` is in seconds. `alg` is null where the key's id says enough. */
export type SignatureParameters = { readonly created: number; readonly keyid: string; readonly alg: string | null };

/** A signature as the two header fields hold it under a label. */
export type MessageSignature = { readonly input: string; readonly signature: string };

const PRINTABLE = /^[\x20-\x7e]*$/;

/** The value of `Content-Digest` for a body. */
export async function contentDigest(body: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", body);
  return `sha-256=:${new Uint8Array(digest).toBase64()}:`;
}

/** A line without blanks at its ends. By hand, for a pattern would take the square of the length where a sender writes many. */
function trimBlanks(line: string): string {
  const isBlank = (at: number): boolean => line[at] === " " || line[at] === "\t";
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return line.slice(start, end);
}

/** A field's value as it is signed (section 2.1): without white space at its ends, folded lines made one. */
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

/** Signs components in the order given. It fails where a value cannot stand in a line of its own: the error names which. */
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
