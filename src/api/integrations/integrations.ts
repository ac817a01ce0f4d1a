import * as z from "zod/mini";
import { INTEGRATION_TYPES, type Integration } from "../../model/integration.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type FieldError, ok } from "../../model/result.ts";
import { findShard, pickShard } from "../../platform/shards.ts";
import { SOURCES } from "../../sources/registry.ts";
import {
  deleteIntegration,
  findIntegration,
  insertIntegration,
  listIntegrations,
  updateIntegration,
} from "../../storage/config/integrations.ts";
import { changeConfiguration } from "../../storage/config/revision.ts";
import { parseBody } from "../body.ts";
import type { Call, Verb } from "../call.ts";
import { check } from "../field-errors.ts";
import { name } from "../fields.ts";
import { settleAuth } from "./resolve-auth.ts";
import { integrationAuth } from "./auth.ts";
import { allowedIps, customResponse, rateLimit } from "./fields.ts";
import { rotateToken, rotateUrl } from "./rotation.ts";
import { forget, view } from "./view.ts";
import { type AdminApp, mount } from "../mount.ts";
import { pageAnswer, parseListQuery } from "../list-query.ts";
import { preview } from "./preview.ts";
import { notFound, refuseBody } from "../problems.ts";
import { samples } from "./samples.ts";

const type = z.enum(INTEGRATION_TYPES, {
  error: `has to be a type that this version supports: ${INTEGRATION_TYPES.join(", ")}`,
});

const fields = {
  enabled: z.optional(z.boolean()),
  auth: z.optional(integrationAuth),
  allowed_ips: allowedIps,
  options: z.optional(z.custom<JsonObject>(isJsonObject, "has to be an object")),
  response: customResponse,
  rate_limit: rateLimit,
  shard: z.optional(z.int()),
};
export const creation = z.strictObject({ name, type, ...fields });
export const change = z.strictObject({ name: z.optional(name), type: z.optional(type), ...fields });

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "int", {});
  if (!query.ok) return query;
  const { page } = query.value;
  return ok(pageAnswer(await listIntegrations(call.context.primary, page), page.limit, (row) => view(call, row)));
};

/** What is wrong with the shard that a new integration is to go to; null where nothing is. */
function shardFault({ context: { shards } }: Call, shard: number): FieldError | null {
  if (findShard(shards, shard) !== null) return null;
  const { length } = shards;
  const message =
    length === 1 ? "has to be 0: this gateway has one shard" : `has to be a number from 0 to ${length - 1}`;
  return { path: "shard", message };
}

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, creation);
  if (!body.ok) return body;
  const given = body.value;
  const options = check(SOURCES[given.type].options, given.options ?? {}, "options");
  if (!options.ok) return refuseBody(options.error);
  const { id, at_ms: atMs } = call.context.mint("int");
  const shard = given.shard ?? pickShard(call.context.shards, id);
  const misplaced = shardFault(call, shard);
  if (misplaced !== null) return refuseBody([misplaced]);
  const settled = await settleAuth(call.context.keys, given.auth ?? { type: "none" }, { type: "none" }, id);
  if (!settled.ok) return refuseBody(settled.error);
  const { auth, revealed } = settled.value;
  const at = new Date(atMs).toISOString();
  const integration: Integration = {
    id,
    name: given.name,
    type: given.type,
    enabled: given.enabled ?? true,
    auth,
    allowed_ips: given.allowed_ips ?? null,
    options: options.value,
    response: given.response ?? null,
    rate_limit: given.rate_limit ?? null,
    address: null,
    shard,
    created_at: at,
    updated_at: at,
  };
  return ok({
    status: 201,
    body: view(call, integration, revealed),
    commit: async (alongside) => {
      await changeConfiguration(call.context.primary, [
        insertIntegration(call.context.primary, integration),
        ...alongside,
      ]);
      forget(call, id);
    },
  });
};

const show: Verb = async (call) => {
  const integration = await findIntegration(call.context.primary, call.id);
  return integration === null ? notFound("integration") : ok({ status: 200, body: view(call, integration) });
};

const update: Verb = async (call) => {
  const stored = await findIntegration(call.context.primary, call.id);
  if (stored === null) return notFound("integration");
  const body = parseBody(call.bodyText, change);
  if (!body.ok) return body;
  const { auth, options, shard, ...given } = body.value;
  if (shard !== undefined && shard !== stored.shard) {
    return refuseBody([{ path: "shard", message: `cannot be changed: its events are in shard ${stored.shard}` }]);
  }
  const schema = SOURCES[given.type ?? stored.type].options;
  const merged = check(schema, { ...stored.options, ...options }, "options");
  if (!merged.ok) return refuseBody(merged.error);
  const settled = auth === undefined ? null : await settleAuth(call.context.keys, auth, stored.auth, stored.id);
  if (settled?.ok === false) return refuseBody(settled.error);
  const updated = await updateIntegration(call.context.primary, stored.id, {
    name: given.name,
    type: given.type,
    enabled: given.enabled,
    auth: settled?.value.auth,
    allowed_ips: given.allowed_ips,
    options: options === undefined ? undefined : merged.value,
    response: given.response,
    rate_limit: given.rate_limit,
    updated_at: new Date().toISOString(),
  });
  forget(call, stored.id);
  if (updated === null) return notFound("integration");
  return ok({ status: 200, body: view(call, updated, settled?.value.revealed) });
};

const remove: Verb = async (call) => {
  const deleted = await deleteIntegration(call.context.primary, call.id, new Date().toISOString());
  forget(call, call.id);
  return deleted ? ok({ status: 204, body: null }) : notFound("integration");
};

export function mountIntegrations(app: AdminApp): void {
  mount(app, "/integrations", { GET: list, POST: create });
  mount(app, "/integrations/:id", { GET: show, PATCH: update, DELETE: remove });
  mount(app, "/integrations/:id/rotate-token", { POST: rotateToken });
  mount(app, "/integrations/:id/rotate-url", { POST: rotateUrl });
  mount(app, "/integrations/:id/preview", { POST: preview }, "bytes");
  mount(app, "/integrations/:id/samples", { GET: samples });
}
