import * as z from "zod/mini";
import { type ApiToken, SCOPES } from "../../model/token.ts";
import { ok } from "../../model/result.ts";
import { generateSecret } from "../../crypto/key-ring.ts";
import { deleteToken, findToken, insertToken, listTokens, updateToken } from "../../storage/config/tokens.ts";
import { parseBody } from "../body.ts";
import type { Verb } from "../call.ts";
import { name } from "../fields.ts";
import { type AdminApp, mount } from "../mount.ts";
import { pageAnswer, parseListQuery } from "../paging.ts";
import { notFound, refuseBody } from "../problems.ts";

const scopes = z.pipe(
  z.array(z.enum(SCOPES)).check(z.minLength(1, "has to name a scope")),
  z.transform((given) => SCOPES.filter((scope) => given.includes(scope))),
);
const expires_at = z.nullable(
  z.pipe(
    z.iso.datetime({ offset: true, error: "has to be an ISO 8601 time with a zone" }),
    z.transform((text) => new Date(text).toISOString()),
  ),
);

export const creation = z.strictObject({ name, scopes, expires_at: z.optional(expires_at) });
export const change = z.strictObject({
  name: z.optional(name),
  scopes: z.optional(scopes),
  expires_at: z.optional(expires_at),
});

function view({ token_hash: _hash, ...token }: ApiToken): object {
  return token;
}

function isPast(time: string | null | undefined): boolean {
  return typeof time === "string" && Date.parse(time) <= Date.now();
}

const refusePast = () => refuseBody([{ path: "expires_at", message: "has to be in the future" }]);

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "tok", {});
  if (!query.ok) return query;
  const { page } = query.value;
  return ok(pageAnswer(await listTokens(call.context.primary, page), page.limit, view));
};

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, creation);
  if (!body.ok) return body;
  const given = body.value;
  if (isPast(given.expires_at)) return refusePast();
  const { id, at_ms } = call.context.mint("tok");
  const at = new Date(at_ms).toISOString();
  const secret = generateSecret("hgt_");
  const token: ApiToken = {
    id,
    name: given.name,
    scopes: given.scopes,
    token_hash: await call.context.keys.hashToken(secret),
    expires_at: given.expires_at ?? null,
    created_at: at,
    updated_at: at,
  };
  return ok({
    status: 201,
    body: { ...view(token), token: secret },
    commit: (alongside) => insertToken(call.context.primary, token, alongside),
  });
};

const show: Verb = async (call) => {
  const token = await findToken(call.context.primary, call.id);
  return token === null ? notFound("token") : ok({ status: 200, body: view(token) });
};

const update: Verb = async (call) => {
  const body = parseBody(call.bodyText, change);
  if (!body.ok) return body;
  if (isPast(body.value.expires_at)) return refusePast();
  const updated = await updateToken(call.context.primary, call.id, {
    ...body.value,
    updated_at: new Date().toISOString(),
  });
  return updated === null ? notFound("token") : ok({ status: 200, body: view(updated) });
};

const remove: Verb = async (call) =>
  (await deleteToken(call.context.primary, call.id)) ? ok({ status: 204, body: null }) : notFound("token");

export function mountTokens(app: AdminApp): void {
  mount(app, "/tokens", { GET: list, POST: create });
  mount(app, "/tokens/:id", { GET: show, PATCH: update, DELETE: remove });
}
