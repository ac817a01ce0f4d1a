import { queryOptions, useQuery } from "@tanstack/react-query";
import { type Result, type Success, unwrap } from "../../client/index.ts";
import { createCall } from "../../client/call.ts";
import { type Scope, isAllowed } from "../../model/token.ts";

export type Session = {
  readonly scopes: readonly Scope[];
  /** Null for the administrator's token. */
  readonly token: { readonly name: string } | null;
  readonly expires_at: string | null;
};

const call = createCall({ base_url: "" });
const CURRENT = "/api/v1/sessions/current";

/** Exchanges a token for the session's cookie. */
export async function signIn(token: string): Promise<Result<Success<201, Session>>> {
  return await call({ method: "POST", path: "/api/v1/sessions", json: { token }, reads: { 201: "json" } }, {});
}

/** Ends the session. */
export async function signOut(): Promise<Result<Success<204, null>>> {
  return await call({ method: "DELETE", path: CURRENT, reads: { 204: "nothing" } }, {});
}

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) =>
    unwrap(await call<Success<200, Session>>({ method: "GET", path: CURRENT, reads: { 200: "json" } }, { signal })),
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
