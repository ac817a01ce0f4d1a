import { findDestination } from "../../storage/destinations/destinations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { destination } from "./fields.ts";
import { readStates, viewDestination } from "./view.ts";

export const get = endpoint({
  id: "destinations.get",
  method: "GET",
  path: "/destinations/{id}",
  scope: "read",
  summary: "Get a destination",
  answers: { 200: returns(destination, "The destination.") },
}).handle(async ({ context, id }) => {
  const found = await findDestination(context.primary, id);
  if (found === null) return notFound("destination");
  return { status: 200, body: viewDestination(found, await readStates(context, [found])) };
});
