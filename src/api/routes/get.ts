import { findRoute } from "../../storage/config/routes.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { route } from "./fields.ts";

export const get = endpoint({
  id: "routes.get",
  method: "GET",
  path: "/routes/{id}",
  scope: "read",
  summary: "Get a route",
  answers: { 200: returns(route, "The route.") },
}).handle(async ({ context, id }) => {
  const found = await findRoute(context.primary, id);
  return found === null ? notFound("route") : { status: 200, body: found };
});
