import { withChecksum } from "../../crypto/checksums.ts";
import type { Integration } from "../../model/integration.ts";
import type { FieldError } from "../../model/result.ts";
import { type Shards, findShard, pickShard } from "../../platform/shards.ts";
import { insertIntegration } from "../../storage/config/integrations.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { refuseBody } from "../problems.ts";
import { resolveReference } from "../transformations/reference.ts";
import { NO_ACTIVITY } from "./activity.ts";
import { forgetIntegration, integration, integrationCreation, viewIntegration } from "./fields.ts";
import { resolveIntegration } from "./resolve-integration.ts";

/** The error of a shard that does not exist; null if it exists. */
export function shardError(shards: Shards, shard: number): FieldError | null {
  if (findShard(shards, shard) !== null) return null;
  const { length } = shards;
  const message = length === 1 ? "must be 0: this gateway has one shard" : `must be a number from 0 to ${length - 1}`;
  return { path: "shard", message };
}

export const create = endpoint({
  id: "integrations.create",
  method: "POST",
  path: "/integrations",
  scope: "write",
  summary: "Create an integration",
  description: "A credential that is omitted is generated.",
  body: jsonBody(integrationCreation, { name: "monitoring", type: "pagertree", auth: { type: "token" } }),
  answers: { 201: returns(integration, "Created.") },
}).handle(async (request) => {
  const { context, body } = request;
  const { id: minted, at_ms } = context.mint("int");
  const id = await withChecksum(context.keys, minted);
  const shard = body.shard ?? pickShard(context.shards, id);
  const misplaced = shardError(context.shards, shard);
  if (misplaced !== null) return refuseBody([misplaced]);
  const transformation = await resolveReference(context.primary, body.transformation_id);
  if (!transformation.ok) return refuseBody(transformation.error);
  const resolved = await resolveIntegration(context, body, id, { type: "none" });
  if (!resolved.ok) return refuseBody(resolved.error);
  const at = new Date(at_ms).toISOString();
  const created: Integration = {
    id,
    ...resolved.value.settings,
    transformation_id: transformation.value,
    external_id: body.external_id,
    address: null,
    managed_by: null,
    shard,
    created_at: at,
    updated_at: at,
  };
  return {
    status: 201,
    body: viewIntegration(request, created, NO_ACTIVITY, resolved.value.revealed),
    commit: async (alongside) => {
      await changeConfig(context.primary, [
        insertIntegration(context.primary, created),
        ...recordChange(request, "integration.created", null, created),
        ...alongside,
      ]);
      forgetIntegration(context, id);
    },
  };
});
