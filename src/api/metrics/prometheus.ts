import { contextOf } from "../../context.ts";
import type { Context } from "../../context.ts";
import { reportedGaps } from "../../model/gaps.ts";
import { timeOf } from "../../model/ids.ts";
import { addUp, reconcile } from "../../model/reconciliation.ts";
import {
  type SeriesCounts,
  addSeries,
  isIntegrationId,
  OTHER_DESTINATIONS,
  OTHER_INTEGRATIONS,
  seriesOf,
} from "../../model/series.ts";
import { isAllowed } from "../../model/token.ts";
import { problemResponse } from "../../net/problem.ts";
import { readGaps } from "../../storage/maintenance/gaps.ts";
import { readBacklog } from "../../storage/maintenance/backlog.ts";
import { readTotals } from "../../storage/maintenance/reconciliation.ts";
import { readLatest } from "../../storage/maintenance/series.ts";
import { atEachShard } from "../across-shards.ts";
import { type ApiApplication, createApiApplication } from "../application.ts";
import { authenticate } from "../authenticate.ts";
import { type Metric, type Sample, expositionOf } from "./exposition.ts";

const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
/** How long an isolate returns the same gauges, in ms: they count events. */
const KEPT_MS = 10_000;
/** What one reading of the reconciliation counts. */
const COUNT = { max_counted: 20_000, max_hours: 10 } as const;

/** The present state, added up over all shards. */
type Gauges = {
  readonly pending: number;
  readonly oldest_pending_seconds: number;
  readonly outbox: number;
  readonly dead_letters: number;
  readonly missing: number;
  readonly balanced: boolean;
};

async function readGauges(context: Context): Promise<Gauges> {
  const nowMs = context.clock();
  const balances = [];
  let missing = 0;
  let deadLetters = 0;
  let oldest: string | null = null;
  for (const { shard } of atEachShard(context)) {
    const { accepted, outcomes, outbox } = await readTotals(shard.db, nowMs, COUNT);
    balances.push(reconcile(accepted, outcomes, outbox));
    missing += reportedGaps(await readGaps(shard.db)).reduce((sum, { count }) => sum + count, 0);
    const backlog = await readBacklog(shard.db);
    deadLetters += backlog.dead_letters;
    const { oldest_pending_id: id } = backlog;
    if (id !== null && (oldest === null || id < oldest)) oldest = id;
  }
  const { pending, outbox, balanced } = addUp(balances);
  const seconds = oldest === null ? 0 : Math.max(0, Math.round((nowMs - timeOf(oldest)) / 1_000));
  return { pending, oldest_pending_seconds: seconds, outbox, dead_letters: deadLetters, missing, balanced };
}

type Kept = { readonly until: number; readonly gauges: Promise<Gauges> };
const kept = new WeakMap<Context["env"], Kept>();

async function gaugesOf(context: Context): Promise<Gauges> {
  const now = context.clock();
  const known = kept.get(context.env);
  if (known !== undefined && now < known.until) return await known.gauges;
  const gauges = readGauges(context);
  kept.set(context.env, { until: now + KEPT_MS, gauges });
  try {
    return await gauges;
  } catch (error) {
    kept.delete(context.env);
    throw error;
  }
}

/** Returns everything that was ever counted, in all shards. */
async function readCounters(context: Context): Promise<SeriesCounts> {
  const ofShards = await Promise.all(
    atEachShard(context).map(async ({ shard }) => {
      const { state, tallies } = await readLatest(shard.db);
      return [state.totals, seriesOf(tallies)];
    }),
  );
  return addSeries(ofShards.flat());
}

function labelOf(id: string): string {
  return id === OTHER_INTEGRATIONS || id === OTHER_DESTINATIONS ? "other" : id;
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: "counter", help, samples };
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: "gauge", help, samples: [{ labels: {}, value }] };
}

function metricsOf(counts: SeriesCounts, gauges: Gauges): readonly Metric[] {
  const members = Object.entries(counts);
  const integrations = members.filter(([id]) => isIntegrationId(id));
  const destinations = members.filter(([id]) => !isIntegrationId(id));
  return [
    counter(
      "hookgate_events_accepted_total",
      "Events that were accepted.",
      integrations.flatMap(([id, { a }]) =>
        a === undefined ? [] : [{ labels: { integration: labelOf(id) }, value: a }],
      ),
    ),
    counter(
      "hookgate_deliveries_total",
      "Deliveries that ended, by status.",
      destinations.flatMap(([id, { f = {} }]) =>
        Object.entries(f).map(([status, value]) => ({ labels: { destination: labelOf(id), status }, value })),
      ),
    ),
    counter(
      "hookgate_attempts_total",
      "Attempts, by the class of their status.",
      destinations.flatMap(([id, { t = {} }]) =>
        Object.entries(t).map(([code_class, value]) => ({ labels: { destination: labelOf(id), code_class }, value })),
      ),
    ),
    gauge("hookgate_pending", "Deliveries that are pending.", gauges.pending),
    gauge(
      "hookgate_oldest_pending_seconds",
      "The age of the oldest event with a pending delivery.",
      gauges.oldest_pending_seconds,
    ),
    gauge("hookgate_outbox", "Accepted events that are only in the outbox.", gauges.outbox),
    gauge("hookgate_dead_letters", "Messages that the gateway could not process.", gauges.dead_letters),
    gauge("hookgate_missing", "Accepted messages that never arrived.", gauges.missing),
    gauge("hookgate_balanced", "1 if every accepted event has an outcome, else 0.", gauges.balanced ? 1 : 0),
  ];
}

/** The metrics for Prometheus, at the root. */
export const metricsApp: ApiApplication = createApiApplication()
  .onError((error) => {
    throw error; // The application around this one responds.
  })
  .use("*", authenticate)
  .get("/metrics", async (c) => {
    if (!isAllowed(c.get("caller").scopes, "read")) {
      return problemResponse({ code: "missing_scope", title: "This token lacks the scope for this request." });
    }
    const context = contextOf(c.env);
    const [counts, gauges] = await Promise.all([readCounters(context), gaugesOf(context)]);
    return new Response(expositionOf(metricsOf(counts, gauges)), { headers: { "content-type": CONTENT_TYPE } });
  });
