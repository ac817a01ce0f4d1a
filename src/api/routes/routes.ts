import { type FieldError, ok } from "../../model/result.ts";
import type { Route } from "../../model/route.ts";
import { knownDestinationIds } from "../../storage/destinations/destinations.ts";
import { knownIntegrationIds } from "../../storage/config/integrations.ts";
import { changeConfiguration } from "../../storage/config/revision.ts";
import { deleteRoute, findRoute, insertRoute, listRoutes, updateRoute } from "../../storage/config/routes.ts";
import { parseBody } from "../body.ts";
import type { Call, Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { pageAnswer, parseListQuery } from "../list-query.ts";
import { notFound, refuseBody } from "../problems.ts";
import { routeChange, routeCreation } from "./fields.ts";
import { previewRoute } from "./preview.ts";

type NamedIds = {
  readonly integration_ids?: readonly string[] | null | undefined;
  readonly destination_ids?: readonly string[] | undefined;
};

async function unknownIds(
  call: Call,
  path: "integration_ids" | "destination_ids",
  ids: readonly string[],
): Promise<FieldError[]> {
  if (ids.length === 0) return [];
  const known = await (path === "integration_ids" ? knownIntegrationIds : knownDestinationIds)(
    call.context.primary,
    ids,
  );
  const message = path === "integration_ids" ? "names no integration" : "names no destination";
  return ids.flatMap((each, index) => (known.has(each) ? [] : [{ path: `${path}[${index}]`, message }]));
}

async function idErrors(call: Call, given: NamedIds): Promise<FieldError[]> {
  return [
    ...(await unknownIds(call, "integration_ids", given.integration_ids ?? [])),
    ...(await unknownIds(call, "destination_ids", given.destination_ids ?? [])),
  ];
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "rte", {});
  if (!query.ok) return query;
  const { page } = query.value;
  return ok(pageAnswer(await listRoutes(call.context.primary, page), page.limit, (row) => row));
};

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, routeCreation);
  if (!body.ok) return body;
  const given = body.value;
  const faults = await idErrors(call, given);
  if (faults.length > 0) return refuseBody(faults);
  const minted = call.context.mint("rte");
  const at = new Date(minted.at_ms).toISOString();
  const route: Route = {
    id: minted.id,
    name: given.name,
    enabled: given.enabled ?? true,
    integration_ids: given.integration_ids ? unique(given.integration_ids) : null,
    event_types: given.event_types ?? null,
    match: given.match ?? null,
    destination_ids: unique(given.destination_ids),
    group_window_seconds: given.group_window_seconds ?? 0,
    group_by: given.group_by ?? null,
    group_attributes: given.group_attributes ?? null,
    created_at: at,
    updated_at: at,
  };
  return ok({
    status: 201,
    body: route,
    commit: async (alongside) => {
      await changeConfiguration(call.context.primary, [insertRoute(call.context.primary, route), ...alongside]);
      call.context.caches.config.forget();
    },
  });
};

const show: Verb = async (call) => {
  const route = await findRoute(call.context.primary, call.id);
  return route === null ? notFound("route") : ok({ status: 200, body: route });
};

const update: Verb = async (call) => {
  const stored = await findRoute(call.context.primary, call.id);
  if (stored === null) return notFound("route");
  const body = parseBody(call.bodyText, routeChange);
  if (!body.ok) return body;
  const { integration_ids, destination_ids, ...others } = body.value;
  const faults = await idErrors(call, body.value);
  if (faults.length > 0) return refuseBody(faults);
  const updated = await updateRoute(call.context.primary, stored.id, {
    ...others,
    integration_ids: integration_ids ? unique(integration_ids) : integration_ids,
    destination_ids: destination_ids && unique(destination_ids),
    updated_at: new Date().toISOString(),
  });
  call.context.caches.config.forget();
  return updated === null ? notFound("route") : ok({ status: 200, body: updated });
};

const remove: Verb = async (call) => {
  const deleted = await deleteRoute(call.context.primary, call.id);
  call.context.caches.config.forget();
  return deleted ? ok({ status: 204, body: null }) : notFound("route");
};

export function mountRoutes(app: AdminApp): void {
  mount(app, "/routes", { GET: list, POST: create });
  mount(app, "/routes/:id", { GET: show, PATCH: update, DELETE: remove });
  mount(app, "/routes/:id/preview", { POST: previewRoute });
}
