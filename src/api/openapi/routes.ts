import * as z from "zod/mini";
import { MESSAGE_TYPES } from "../../model/event.ts";
import type { Route } from "../../model/route.ts";
import { routeChange, routeCreation } from "../routes/fields.ts";
import { previewed } from "../routes/preview.ts";
import { type Section, acting, changing, creating, deleting, listing, showing } from "./old-operation.ts";
import { anyJson, idOf, pageOf, stamps } from "./shared.ts";

const route = z.strictObject({
  id: idOf("rte"),
  name: z.string(),
  enabled: z.boolean(),
  integration_ids: z.nullable(z.array(idOf("int"))).check(z.describe("Null for all.")),
  event_types: z.nullable(z.array(z.enum(MESSAGE_TYPES))).check(z.describe("Null for all, but those to be named.")),
  match: z.nullable(z.record(z.string(), anyJson)),
  destination_ids: z.array(idOf("dst")),
  group_window_seconds: z.int(),
  group_by: z.nullable(z.string()),
  group_attributes: z.nullable(z.array(z.string())),
  ...stamps,
}) satisfies z.ZodMiniType<Route>;

const preview = z.strictObject({
  data: z.array(
    z.strictObject({
      event_id: idOf("evt"),
      type: z.nullable(z.enum(MESSAGE_TYPES)),
      matches: z.boolean(),
      reason: z.nullable(z.enum(["disabled", "integration", "event_type", "match"])).check(z.describe("Why not.")),
    }),
  ),
  matched: z.int(),
});

const page = pageOf(route);
const path = "/api/v1/routes";

export const routes: Section = {
  tag: "routes",
  requests: { RouteCreation: routeCreation, RouteChange: routeChange, RoutePreviewRequest: previewed },
  answers: { Route: route, RouteList: page, RoutePreview: preview },
  operations: [
    listing(page, { id: "listRoutes", path, summary: "List routes" }),
    creating(routeCreation, route, { id: "createRoute", path, summary: "Make a route" }),
    showing(route, { id: "getRoute", path: `${path}/{id}`, summary: "Show a route" }),
    changing(routeChange, route, { id: "changeRoute", path: `${path}/{id}`, summary: "Change a route" }),
    deleting({ id: "deleteRoute", path: `${path}/{id}`, summary: "Delete a route" }),
    acting(previewed, preview, {
      id: "previewRoute",
      path: `${path}/{id}/preview`,
      summary: "Show which events a route takes",
      description: "Fields of the route can be tried out. Nothing is stored.",
    }),
  ],
};
