import { fromBase64, toBase64, utf8 } from "./bytes.ts";
import { type Checked, type ReceivedRequest, bodyOf, readHeader, refused } from "./received.ts";
import { type Candidate, candidates } from "./schemes.ts";

// HTTP Message Signatures (RFC 9421) with the body's digest (RFC 9530), as far as the gateway uses them.

const COVERED_HEADERS = ["content-digest", "content-type", "webhook-id", "webhook-timestamp"];
const COVERED = `(${["@method", "@target-uri", ...COVERED_HEADERS].map((name) => `"${name}"`).join(" ")})`;
const SIGNATURE = /\b(\w+)=:([A-Za-z0-9+/]+={0,2}):/g;
const INPUT = /\b(\w+)=(\([^()]*\)[^,]*)/g;

async function digestOf(received: ReceivedRequest): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bodyOf(received));
  return `sha-256=:${toBase64(new Uint8Array(digest))}:`;
}

/** Reads the signatures of a request. One that covers less than the gateway signs is ignored. */
export async function readHttpMessage(received: ReceivedRequest): Promise<Checked<readonly Candidate[]>> {
  const { method = "", url = "" } = received;
  const lines = [`"@method": ${method}`, `"@target-uri": ${url.replace(/#.*$/, "")}`];
  for (const name of COVERED_HEADERS) {
    const header = readHeader(received, name);
    if (!header.ok) return header;
    lines.push(`"${name}": ${header.value}`);
    if (name === "content-digest" && header.value !== (await digestOf(received))) {
      return refused({ reason: "wrong_digest" });
    }
  }
  const signature = readHeader(received, "signature");
  if (!signature.ok) return signature;
  const input = readHeader(received, "signature-input");
  if (!input.ok) return input;
  const signatures = new Map([...signature.value.matchAll(SIGNATURE)].map(([, label, text]) => [label, text]));
  const found = [...input.value.matchAll(INPUT)].map(([, label, parameters = ""]): Candidate | null => {
    const bytes = fromBase64(signatures.get(label) ?? "");
    if (bytes === null || !parameters.startsWith(`${COVERED};`)) return null;
    return {
      signature: bytes,
      message: utf8([...lines, `"@signature-params": ${parameters.trimEnd()}`].join("\n")),
    };
  });
  return candidates(found, "signature-input");
}
