import { queryOptions, useQuery } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { type Scope, isAllowed } from "../../model/token.ts";
import { client } from "../api/client.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => unwrap(await client.sessions.getCurrent({ signal })),
  staleTime: 60_000,
});

/**
 * Whether the session may use an operation with this scope. A page shows no control that the gateway would refuse, so it asks
 * this before it shows one.
 */
export function useMay(needed: Scope): boolean {
  const { data } = useQuery(sessionQuery);
  return data !== undefined && isAllowed(data.scopes, needed);
}
