import { queryOptions, useQuery } from "@tanstack/react-query";
import { client } from "./client.ts";

// Lists show ids as names. An installation has few of these objects; a very large one shows ids beyond this number.
const MAX_NAMED = 1_000;
const STALE_AFTER_MS = 60_000;

type Named = { readonly id: string; readonly name: string };

async function firstOf<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const taken: T[] = [];
  for await (const row of rows) {
    taken.push(row);
    if (taken.length >= MAX_NAMED) break;
  }
  return taken;
}

const PAGE = { limit: 250 } as const;

export const integrationsQuery = queryOptions({
  queryKey: ["integrations", "all"],
  queryFn: ({ signal }) => firstOf(client.integrations.all(PAGE, { signal })),
  staleTime: STALE_AFTER_MS,
});
export const destinationsQuery = queryOptions({
  queryKey: ["destinations", "all"],
  queryFn: ({ signal }) => firstOf(client.destinations.all(PAGE, { signal })),
  staleTime: STALE_AFTER_MS,
});
export const routesQuery = queryOptions({
  queryKey: ["routes", "all"],
  queryFn: ({ signal }) => firstOf(client.routes.all(PAGE, { signal })),
  staleTime: STALE_AFTER_MS,
});

export const transformationsQuery = queryOptions({
  queryKey: ["transformations", "all"],
  queryFn: ({ signal }) => firstOf(client.transformations.all(PAGE, { signal })),
  staleTime: STALE_AFTER_MS,
});

function findIn(rows: readonly Named[] | undefined, id: string): string | null {
  return rows?.find((row) => row.id === id)?.name ?? null;
}

function nameIn(rows: readonly Named[] | undefined, id: string | null): string {
  return id === null ? "The gateway" : (findIn(rows, id) ?? id);
}

/** Returns functions that name an integration, a destination, a route or a transformation by its id. An unknown id names itself. */
export function useNames() {
  const { data: integrations, isPending: areIntegrationsPending } = useQuery(integrationsQuery);
  const { data: destinations, isPending: areDestinationsPending } = useQuery(destinationsQuery);
  const { data: routes, isPending: areRoutesPending } = useQuery(routesQuery);
  const { data: transformations, isPending: areTransformationsPending } = useQuery(transformationsQuery);
  return {
    /** False while the names are read for the first time. */
    isReady: !areIntegrationsPending && !areDestinationsPending && !areRoutesPending && !areTransformationsPending,
    integration: (id: string | null) => nameIn(integrations, id),
    destination: (id: string) => nameIn(destinations, id),
    route: (id: string | null) => (id === null ? "No route" : nameIn(routes, id)),
    /** Null for an id of something else, or of what does not exist. */
    find: (id: string) =>
      findIn(integrations, id) ?? findIn(destinations, id) ?? findIn(routes, id) ?? findIn(transformations, id),
  };
}
