import * as z from "zod/mini";
import { addUp, reconcile } from "../../model/reconciliation.ts";
import { readTotals } from "../../storage/maintenance/reconciliation.ts";
import { endpoint, returns } from "../endpoint.ts";
import { answerSchema } from "../schema.ts";

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
  return { status: 200, body: addUp(await Promise.all(balances)) };
});
