import * as z from "zod/mini";
import { type ApiToken, SCOPES } from "../../model/token.ts";
import type { Shown } from "../endpoint.ts";
import { name } from "../fields.ts";
import { pageOf } from "../paging.ts";
import { refuseBody } from "../problems.ts";
import { answerSchema, idOf, requestSchema, stamps, time } from "../schema.ts";

const scopes = z.pipe(
  z.array(z.enum(SCOPES)).check(z.minLength(1, "must name at least one scope")),
  z.transform((given) => SCOPES.filter((scope) => given.includes(scope))),
);
const expires_at = z.nullable(
  z.pipe(
    z.iso.datetime({ offset: true, error: "must be an ISO 8601 time with a zone" }),
    z.transform((text) => new Date(text).toISOString()),
  ),
);

const accepted = z.strictObject({ name, scopes, expires_at });
export const tokenCreation = requestSchema(
  "TokenCreation",
  z.strictObject({ ...accepted.shape, expires_at: z._default(expires_at, null) }),
);
export const tokenChange = requestSchema("TokenChange", z.partial(accepted));

export const token = answerSchema(
  "Token",
  z.strictObject({
    id: idOf("tok"),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    expires_at: z.nullable(time),
    ...stamps,
  }),
);
export const revealedToken = answerSchema(
  "RevealedToken",
  z.extend(token, { token: z.string().check(z.describe("Only in this answer.")) }),
);
export const tokenList = pageOf("TokenList", token);

export function viewToken({ token_hash: _hash, ...shown }: ApiToken): Shown<typeof token> {
  return shown;
}

/** Refuses a time of expiry that has passed; null if it is acceptable. */
export function refuseExpired(expiry: string | null | undefined, nowMs: number) {
  if (typeof expiry !== "string" || Date.parse(expiry) > nowMs) return null;
  return refuseBody([{ path: "expires_at", message: "must be in the future" }]);
}
