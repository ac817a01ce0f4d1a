import type { Route } from "../../model/route.ts";
import { endpoint, optionalJsonBody } from "../endpoint.ts";
import { answers, previewOf, previewRequest } from "../routes/preview.ts";

/** A route before it is created, as the defaults of its fields make it. */
const UNSAVED: Route = {
  id: "",
  name: "",
  external_id: null,
  managed_by: null,
  enabled: true,
  integration_ids: null,
  event_types: null,
  match: null,
  destination_ids: [],
  group_window_seconds: 0,
  group_by: null,
  group_attributes: null,
  created_at: "",
  updated_at: "",
};

export const create = endpoint({
  id: "routePreviews.create",
  method: "POST",
  path: "/route-previews",
  scope: "write",
  summary: "Show which events a new route would take",
  description: "With the default of each field that is not given. Nothing is stored or sent.",
  body: optionalJsonBody(previewRequest),
  answers,
}).handle(async ({ context, body }) => await previewOf(context, UNSAVED, body));
