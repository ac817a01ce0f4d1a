import type { Query } from "./api.ts";
import type { TimeFlags } from "./flags.ts";
import type { Names } from "./names.ts";

// The filters of lists: flags on the left, parameters of the API on the right.

export type FilterFlags = TimeFlags & {
  readonly integration?: string;
  readonly destination?: string;
  readonly event?: string;
  readonly alert?: string;
  readonly status?: string;
  readonly type?: string;
  readonly outcome?: string;
  readonly urgency?: string;
  readonly key?: string;
  readonly query?: string;
  readonly unrouted?: true;
  readonly outstanding?: true;
};

/** Makes the query of a list. Names become ids. */
export async function queryOf(flags: FilterFlags, names: Names): Promise<Query> {
  const query = {
    integration_id: await names.maybeIdOf("integration", flags.integration),
    destination_id: await names.maybeIdOf("destination", flags.destination),
    event_id: flags.event,
    alert_id: flags.alert,
    status: flags.status,
    type: flags.type,
    outcome: flags.outcome,
    urgency: flags.urgency,
    key: flags.key,
    q: flags.query,
    from: flags.since,
    to: flags.until,
    unrouted: flags.unrouted,
    outstanding: flags.outstanding,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
