import * as z from "zod/mini";
import { addUp, reconcile } from "../../model/reconciliation.ts";
import { reportedGaps } from "../../model/gaps.ts";
import { readGaps } from "../../storage/maintenance/gaps.ts";
import { readTotals } from "../../storage/maintenance/reconciliation.ts";
import { endpoint, returns } from "../endpoint.ts";
import { answerSchema } from "../schema.ts";

const MAX_GAPS = 100;

const gapShape = z
  .strictObject({ isolate: z.string(), from: z.iso.datetime(), to: z.iso.datetime(), count: z.int() })
  .check(z.describe("Messages of one isolate that are missing, and the times between which it accepted them."));

const reconciliationShape = answerSchema(
  "Reconciliation",
  z
    .strictObject({
      accepted: z.int(),
      delivered: z.int(),
      dead: z.int(),
      pending: z.int(),
      cancelled: z.int(),
      ignored: z.int(),
      outbox: z.int(),
      balanced: z.boolean(),
      missing: z.int().check(z.describe("The messages that were accepted more than an hour ago and never arrived.")),
      gaps: z
        .array(gapShape)
        .check(z.describe("When they were accepted: the latest hundred gaps in the numbers of messages.")),
    })
    .check(z.describe("Counts events × destinations owed.")),
);

export const get = endpoint({
  id: "reconciliation.get",
  method: "GET",
  path: "/reconciliation",
  scope: "read",
  summary: "Compare what was accepted with what became of it",
  answers: { 200: returns(reconciliationShape, "The current counts.") },
}).handle(async ({ context }) => {
  const nowMs = context.clock();
  const balances = context.shards.map(async ({ db }) => {
    const { accepted, outcomes, outbox } = await readTotals(db, nowMs);
    return reconcile(accepted, outcomes, outbox);
  });
  const gaps = (await Promise.all(context.shards.map(({ db }) => readGaps(db)))).flatMap(reportedGaps);
  const missing = gaps.reduce((sum, { count }) => sum + count, 0);
  const latest = gaps.toSorted((a, b) => (a.from > b.from ? -1 : 1)).slice(0, MAX_GAPS);
  return { status: 200, body: { ...addUp(await Promise.all(balances)), missing, gaps: latest } };
});
