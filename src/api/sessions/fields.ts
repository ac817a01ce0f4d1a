import * as z from "zod/mini";
import { SCOPES } from "../../model/token.ts";
import type { Shown } from "../endpoint.ts";
import type { Caller } from "../request.ts";
import { answerSchema, idOf, requestSchema, time } from "../schema.ts";
import { endOfSession } from "./lifetime.ts";

const MAX_TOKEN = 1_000;

export const sessionCreation = requestSchema(
  "SessionCreation",
  z.strictObject({
    token: z.string().check(z.minLength(1), z.maxLength(MAX_TOKEN), z.describe("`ADMIN_TOKEN`, or an API token.")),
  }),
);

export const session = answerSchema(
  "Session",
  z.strictObject({
    actor: z
      .string()
      .check(
        z.describe(
          "`admin` for `ADMIN_TOKEN`, else the id of the API token; `access:` and the email for a user of Cloudflare Access.",
        ),
      ),
    scopes: z.array(z.enum(SCOPES)),
    token: z
      .nullable(z.strictObject({ id: idOf("tok"), name: z.string(), expires_at: z.nullable(time) }))
      .check(z.describe("Null for `ADMIN_TOKEN` and Cloudflare Access.")),
    created_at: z.nullable(time).check(z.describe("Null if the request has a token instead of a session.")),
    expires_at: z.nullable(time).check(z.describe("When the session ends without further use, at the latest.")),
  }),
);

/** Returns when the credentials of a caller end: the session or the token, the earlier one. */
function endOf({ session: own, token }: Caller): string | null {
  const ends = [own === null ? null : endOfSession(own.used_at), token?.expires_at ?? null];
  const times = ends.flatMap((end) => (end === null ? [] : [new Date(end).getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

export function viewSession(caller: Caller): Shown<typeof session> {
  const { actor, scopes, token, session: own } = caller;
  return {
    actor,
    scopes,
    token: token === null ? null : { id: token.id, name: token.name, expires_at: token.expires_at },
    created_at: own?.created_at ?? null,
    expires_at: endOf(caller),
  };
}
