import type { FailingDestination } from "../../model/destination-health.ts";
import type { Destination } from "../../model/destination.ts";
import { readFailing } from "../../storage/destinations/health.ts";
import type { Call } from "../call.ts";
import { type TokenStates, tokenStatesOf, viewAuth } from "./auth.ts";
import { viewHeaders } from "./headers.ts";
import { viewOptions } from "./options.ts";
import { viewPayload } from "./payload.ts";

/** What the API shows of destinations beside what is configured. */
export type DestinationStates = {
  readonly tokens: TokenStates;
  readonly failing: ReadonlyMap<string, FailingDestination>;
};

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** `status`: healthy, failing, or open: its breaker is, and nothing is sent until `retry_at`, but for one attempt that tries it. */
function viewHealth(state: FailingDestination | undefined): object {
  if (state === undefined) return { status: "healthy", failures: 0, failing_since: null, retry_at: null };
  const { failures, failing_since, retry_at } = state;
  return {
    status: retry_at === null ? "failing" : "open",
    failures,
    failing_since: isoOrNull(failing_since),
    retry_at: isoOrNull(retry_at),
  };
}

/** Reads the states of destinations. */
export async function readStates(call: Call, destinations: readonly Destination[]): Promise<DestinationStates> {
  const [tokens, failing] = await Promise.all([tokenStatesOf(call, destinations), readFailing(call.context.primary)]);
  return { tokens, failing: new Map(failing.map((each) => [each.destination_id, each])) };
}

/** A destination as the API shows it: no secret. */
export function viewDestination(whole: Destination, { tokens, failing }: DestinationStates): object {
  const { signing_secrets: _secrets, sealed_headers: _headers, ...destination } = whole;
  return {
    ...destination,
    url: destination.type === "webhook" ? destination.url : null,
    headers: viewHeaders(whole),
    auth: viewAuth(destination, tokens),
    payload: viewPayload(destination.payload),
    options: viewOptions(destination.options),
    health: viewHealth(failing.get(destination.id)),
  };
}
