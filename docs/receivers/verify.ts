// Checks what a Hookgate gateway sends, with Node's standard library only. To see what becomes of a request that you have kept:
//   node docs/receivers/verify.ts < requests.jsonl
// where each line is {"scheme","key","now","method","url","headers","body"}, and for the scheme hmac "options" too.

import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";

const TOLERANCE_SECONDS = 300;
const SIGNED = ["@method", "@target-uri", "content-digest", "content-type", "webhook-id", "webhook-timestamp"];

/** A request as it arrived: `url` as the sender called it, names of headers in lower case, and the body's bytes. */
export type Received = { method: string; url: string; headers: Record<string, string | undefined>; body: Buffer };

/** What a destination with the scheme `hmac` has in its `signing`. */
export type HmacOptions = {
  header: string;
  algorithm: string;
  encoding: "hex" | "base64";
  prefix: string;
  template: string;
};

function header({ headers }: Received, name: string): string {
  const value = headers[name];
  if (value === undefined || value === "") throw new Error(`the header ${name} is missing`);
  return value;
}

function checkTime(request: Received, nowSeconds: number): string {
  const timestamp = header(request, "webhook-timestamp");
  if (!/^\d{1,11}$/.test(timestamp)) throw new Error("webhook-timestamp is not a time");
  if (Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS)
    throw new Error("the request is too old, or too new");
  return timestamp;
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether a signature is this key's: the secret `whsec_…`, or the gateway's public key `whpk_…`. */
function isSigned(key: string, message: Buffer, signature: Buffer): boolean {
  const bytes = Buffer.from(key.slice(key.indexOf("_") + 1), "base64");
  if (key.startsWith("whsec_")) return equal(createHmac("sha256", bytes).update(message).digest(), signature);
  if (!key.startsWith("whpk_")) throw new Error("the key has to begin with whsec_ or whpk_");
  const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") };
  return verify(null, message, createPublicKey({ key: jwk, format: "jwk" }), signature);
}

/** The schemes `standard-webhooks` and `standard-webhooks-ed25519`. Throws where the request is not to be trusted. */
export function verifyStandardWebhook(key: string, request: Received, nowSeconds: number): void {
  const head = `${header(request, "webhook-id")}.${checkTime(request, nowSeconds)}.`;
  const message = Buffer.concat([Buffer.from(head), request.body]);
  const version = key.startsWith("whpk_") ? "v1a" : "v1";
  for (const item of header(request, "webhook-signature").split(" ")) {
    const [name, text = ""] = item.split(",");
    if (name === version && isSigned(key, message, Buffer.from(text, "base64"))) return;
  }
  throw new Error("no signature matches");
}

/** The scheme `rfc9421`, with either algorithm. Throws where the request is not to be trusted. */
export function verifyHttpMessage(key: string, request: Received, nowSeconds: number): void {
  checkTime(request, nowSeconds);
  const digest = createHash("sha256").update(request.body).digest("base64");
  if (header(request, "content-digest") !== `sha-256=:${digest}:`)
    throw new Error("the body is not the one that was signed");
  const lines = SIGNED.map((name) => {
    if (name === "@method") return `"@method": ${request.method}`;
    if (name === "@target-uri") return `"@target-uri": ${request.url}`;
    return `"${name}": ${header(request, name).trim()}`;
  });
  const covered = `(${SIGNED.map((name) => `"${name}"`).join(" ")})`;
  const signatures = new Map(
    [...header(request, "signature").matchAll(/\b(\w+)=:([^:]*):/g)].map(([, label, text]) => [label, text]),
  );
  // A signature that covers less is not looked at, and the algorithm is the key's: never what the request says.
  for (const [, label, input] of header(request, "signature-input").matchAll(/\b(\w+)=(\([^()]*\)[^,]*)/g)) {
    const signature = Buffer.from(signatures.get(label) ?? "", "base64");
    if (input === undefined || !input.startsWith(`${covered};`)) continue;
    const base = [...lines, `"@signature-params": ${input}`].join("\n");
    if (isSigned(key, Buffer.from(base), signature)) return;
  }
  throw new Error("no signature matches");
}

/** The scheme `hmac`. Throws where the request is not to be trusted. The time is checked if it is signed. */
export function verifyHmac(secret: string, request: Received, options: HmacOptions, nowSeconds: number): void {
  const { prefix, template } = options;
  const id = template.includes("{{id}}") ? header(request, "webhook-id") : "";
  const timestamp = template.includes("{{timestamp}}") ? checkTime(request, nowSeconds) : "";
  const parts = template.split("{{body}}");
  const [head = "", tail = ""] = parts.map((part) =>
    part.replaceAll("{{id}}", id).replaceAll("{{timestamp}}", timestamp),
  );
  const message = Buffer.concat([Buffer.from(head), request.body, Buffer.from(tail)]);
  const expected = Buffer.from(prefix + createHmac(options.algorithm, secret).update(message).digest(options.encoding));
  // Two signatures stand in the header while a secret is rotated.
  const items = header(request, options.header).split(prefix.includes(",") ? " " : ",");
  if (!items.some((item) => equal(Buffer.from(item), expected))) throw new Error("no signature matches");
}

type Line = Omit<Received, "body"> & { scheme: string; key: string; now?: number; body: string; options: HmacOptions };

function check(line: string): void {
  const { scheme, key, now = Math.floor(Date.now() / 1000), options, ...rest }: Line = JSON.parse(line);
  const request = { ...rest, body: Buffer.from(rest.body) };
  if (scheme === "rfc9421") verifyHttpMessage(key, request, now);
  else if (scheme === "hmac") verifyHmac(key, request, options, now);
  else verifyStandardWebhook(key, request, now);
}

if (import.meta.main) {
  for await (const line of createInterface({ input: stdin })) {
    try {
      check(line);
      stdout.write("accepted\n");
    } catch (error) {
      stdout.write(`refused: ${error instanceof Error ? error.message : "unreadable"}\n`);
    }
  }
}
