import * as z from "zod";
import { DESTINATION_TYPES, PAYLOAD_MODES } from "../model/destination.ts";
import { isJsonObject } from "../model/json.ts";
import { headerName, name, only } from "./fields.ts";

const MOST_HEADERS = 50;
const LONGEST_HEADER_VALUE = 4096;
// Those that the gateway sets itself, and those that steer the connection.
const FORBIDDEN_HEADERS = new Set([
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
const HEADER_VALUE = /^[\x20-\x7e\xa0-\xff]*$/;

type Fault = { readonly header: string; readonly message: string };

function findFault(header: string, value: unknown): Fault | null {
  const lower = header.toLowerCase();
  if (!headerName.safeParse(header).success || lower === "__proto__") {
    return { header, message: "is not a valid header name" };
  }
  if (FORBIDDEN_HEADERS.has(lower) || lower.startsWith("webhook-")) {
    return { header, message: "is set by the gateway and cannot be given" };
  }
  if (typeof value !== "string") return { header, message: "has to be text" };
  if (!HEADER_VALUE.test(value)) {
    return { header, message: "may hold only Latin-1 characters, and no control characters" };
  }
  return value.length > LONGEST_HEADER_VALUE
    ? { header, message: `may be at most ${LONGEST_HEADER_VALUE} characters long` }
    : null;
}

const headers = z.unknown().transform((given, context): Readonly<Record<string, string>> => {
  if (!isJsonObject(given)) {
    context.addIssue({ code: "custom", message: "has to be an object" });
    return z.NEVER;
  }
  const entries = Object.entries(given);
  if (entries.length > MOST_HEADERS) {
    context.addIssue({ code: "custom", message: `may hold at most ${MOST_HEADERS} headers` });
    return z.NEVER;
  }
  const accepted: Record<string, string> = {};
  for (const [header, value] of entries) {
    const lower = header.toLowerCase();
    const fault = Object.hasOwn(accepted, lower)
      ? { header, message: "is given more than once" }
      : findFault(header, value);
    if (fault !== null) context.addIssue({ code: "custom", path: [fault.header], message: fault.message });
    else if (typeof value === "string") accepted[lower] = value;
  }
  return accepted;
});

function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  try {
    const { length } = Uint8Array.fromBase64(text.slice("whsec_".length), {
      lastChunkHandling: "strict",
    });
    return length >= 24 && length <= 64;
  } catch {
    return false;
  }
}

const signing = z.strictObject({
  scheme: only("standard-webhooks", "scheme"),
  secret: z.string().refine(isSigningSecret, 'has to be "whsec_" and the base64 of 24 to 64 bytes').optional(),
});

const fields = {
  type: z
    .enum(DESTINATION_TYPES, {
      error: `has to be a type that this version supports: ${DESTINATION_TYPES.join(", ")}`,
    })
    .optional(),
  method: only("POST", "method").optional(),
  headers: headers.optional(),
  auth: z.strictObject({ type: only("none", "type") }).optional(),
  signing: signing.optional(),
  payload: z
    .strictObject({
      mode: z.enum(PAYLOAD_MODES, {
        error: `has to be a mode that this version supports: ${PAYLOAD_MODES.join(", ")}`,
      }),
    })
    .optional(),
  timeout_ms: z.int().min(1000).max(30_000).optional(),
  retry_schedule: z.array(z.int().min(1).max(86_400)).min(1).max(50).nullable().optional(),
  enabled: z.boolean().optional(),
};

export const destinationCreation = z.strictObject({ name, url: z.string(), ...fields });
export const destinationChange = z.strictObject({
  name: name.optional(),
  url: z.string().optional(),
  ...fields,
});
