import { optionsOf } from "../../sources/options.ts";
import { findIntegration, updateIntegration } from "../../storage/config/integrations.ts";
import { recordChange, withChanges } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { check } from "../field-errors.ts";
import { notFound, refuseBody } from "../problems.ts";
import { resolveReference } from "../transformations/reference.ts";
import { readActivity } from "./activity.ts";
import { forgetIntegration, integration, integrationChange, viewIntegration } from "./fields.ts";
import { unknownNamesIn } from "./options.ts";
import { resolveAuth } from "./resolve-auth.ts";

/** The types that an integration can change to: those of senders without a source of their own. */
const CHANGEABLE: ReadonlySet<string> = new Set(["catch", "rules"]);

export const update = endpoint({
  id: "integrations.update",
  method: "PATCH",
  path: "/integrations/{id}",
  scope: "write",
  summary: "Update an integration",
  description:
    "`options` are merged. A credential that is omitted keeps its value. `type` can change from `catch` to `rules` and back, with other `options`; its alerts and events stay as they are.",
  body: jsonBody(integrationChange, { enabled: false }),
  answers: { 200: returns(integration, "The updated integration.") },
  problems: { 409: "Another integration has this `external_id`." },
}).handle(async (request) => {
  const { context, id, body } = request;
  const stored = await findIntegration(context.primary, id);
  if (stored === null) return notFound("integration");
  const { auth, options, shard, ...settings } = body;
  const type = settings.type ?? stored.type;
  const isOther = type !== stored.type;
  if (isOther && !(CHANGEABLE.has(type) && CHANGEABLE.has(stored.type))) {
    return refuseBody([{ path: "type", message: "cannot be changed: create another integration" }]);
  }
  if (shard !== undefined && shard !== stored.shard) {
    return refuseBody([{ path: "shard", message: `cannot be changed: its events are in shard ${stored.shard}` }]);
  }
  const { expect_every_minutes = null } = stored.options;
  const before = isOther ? { expect_every_minutes } : stored.options;
  const merged = check(optionsOf(type), { ...before, ...options }, "options");
  if (!merged.ok) return refuseBody(merged.error);
  const unknown = unknownNamesIn(options ?? {});
  if (unknown.length > 0) return refuseBody(unknown);
  const resolved = auth === undefined ? null : await resolveAuth(context.keys, auth, stored.auth, stored.id);
  if (resolved?.ok === false) return refuseBody(resolved.error);
  const transformation = await resolveReference(context.primary, settings.transformation_id);
  if (!transformation.ok) return refuseBody(transformation.error);
  const changes = {
    ...settings,
    transformation_id: transformation.value,
    auth: resolved?.value.auth,
    options: options === undefined && !isOther ? undefined : merged.value,
    updated_at: new Date(context.clock()).toISOString(),
  };
  const record = recordChange(request, "integration.updated", stored, withChanges(stored, changes));
  const updated = await updateIntegration(context.primary, stored.id, changes, record);
  forgetIntegration(context, stored.id);
  if (updated === null) return notFound("integration");
  const activityOf = await readActivity(context, [updated]);
  return { status: 200, body: viewIntegration(request, updated, activityOf(updated.id), resolved?.value.revealed) };
});
