import * as z from "zod";
import type { IntegrationAuth } from "../model/integration.ts";
import { type KeyRing, generateSecret } from "../secrets/key-ring.ts";
import { REPEAT_HEADERS } from "../ingest/repeat-key.ts";
import { headerName } from "./fields.ts";

const DEFAULT_HEADER = "pagertree-token";
const TAKEN_HEADERS = [
  "host",
  "connection",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  ...REPEAT_HEADERS,
];

const token = z
  .string()
  .regex(
    /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/,
    "has to be 1 to 1024 printable ASCII characters, without a space at either end",
  );

export const integrationAuth = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({
      type: z.literal("token"),
      header: headerName.refine((text) => !TAKEN_HEADERS.includes(text), "has another use in HTTP").optional(),
      token: token.optional(),
    }),
  ],
  { error: 'has to be an object whose type is one that this version supports: "none" or "token"' },
);
export type GivenAuth = z.output<typeof integrationAuth>;

/** How an integration's senders are to prove themselves, and the token in clear where it is new. */
export type SettledAuth = { readonly auth: IntegrationAuth; readonly newToken: string | null };

/** What a given `auth` comes to: a token is made where there is none, and a stored one is kept where none is given. */
export async function settleAuth(keys: KeyRing, given: GivenAuth, stored: IntegrationAuth): Promise<SettledAuth> {
  if (given.type === "none") return { auth: { type: "none" }, newToken: null };
  const header = given.header ?? (stored.type === "token" ? stored.header : DEFAULT_HEADER);
  if (given.token === undefined && stored.type === "token") return { auth: { ...stored, header }, newToken: null };
  const newToken = given.token ?? generateSecret("tok_");
  return { auth: { type: "token", header, token_hash: await keys.hashToken(newToken) }, newToken };
}
