import type { Context } from "../../context.ts";
import type { FailingDestination } from "../../model/destination-health.ts";
import type { Destination } from "../../model/destination.ts";
import { findProvider } from "../../delivery/providers/registry.ts";
import { readFailing } from "../../storage/destinations/health.ts";
import type { Shown } from "../endpoint.ts";
import { type TokenStates, tokenStatesOf, viewAuth } from "./auth-fields.ts";
import type { destination } from "./fields.ts";
import { viewHeaders } from "./headers.ts";
import { viewHealth } from "./health.ts";
import { viewPayload } from "./payload-fields.ts";

/** The states of destinations, which the API shows beside their configuration. */
export type DestinationStates = {
  readonly tokens: TokenStates;
  readonly failing: ReadonlyMap<string, FailingDestination>;
  /** When they were read, in ms since 1970. */
  readonly read_at: number;
};

/** The state of a new destination. */
export const NEW: DestinationStates = { tokens: new Map(), failing: new Map(), read_at: 0 };

export async function readStates(
  { primary, clock }: Context,
  destinations: readonly Destination[],
): Promise<DestinationStates> {
  const [tokens, failing] = await Promise.all([tokenStatesOf(primary, destinations), readFailing(primary)]);
  return { tokens, failing: new Map(failing.map((each) => [each.destination_id, each])), read_at: clock() };
}

/** The latest end of the replaced signing secrets that still sign; null if none does. */
function overlapEnd(secrets: Destination["signing_secrets"], nowMs: number): string | null {
  const ends = secrets.flatMap(({ expires_at }) => expires_at ?? []).filter((end) => Date.parse(end) > nowMs);
  return ends.toSorted().at(-1) ?? null;
}

/** Shows a destination without secrets. */
export function viewDestination(
  { signing_secrets, sealed_headers, ...rest }: Destination,
  { tokens, failing, read_at }: DestinationStates,
): Shown<typeof destination> {
  return {
    ...rest,
    url: findProvider(rest.type)?.is_http === true ? rest.url : null,
    headers: viewHeaders({ headers: rest.headers, sealed_headers }),
    auth: viewAuth(rest, tokens, read_at),
    payload: viewPayload(rest.payload),
    health: viewHealth(failing.get(rest.id), read_at),
    signing_overlap_ends_at: overlapEnd(signing_secrets, read_at),
  };
}
