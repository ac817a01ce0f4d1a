import { listDestinations } from "../../storage/destinations/destinations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { nameFilter } from "../filters.ts";
import { pageQuery, pageResponse, toPage } from "../paging.ts";
import { destinationList } from "./fields.ts";
import { readStates, viewDestination } from "./view.ts";

export const list = endpoint({
  id: "destinations.list",
  method: "GET",
  path: "/destinations",
  scope: "read",
  summary: "List destinations",
  query: { ...pageQuery("dst"), name: nameFilter },
  answers: { 200: returns(destinationList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const page = toPage(query);
  const destinations = await listDestinations(context.primary, page, query.name);
  const states = await readStates(context, destinations);
  return pageResponse(destinations, page, (row) => viewDestination(row, states));
});
