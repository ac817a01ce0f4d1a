import { addUp, reconcile } from "../../model/reconciliation.ts";
import { ok } from "../../model/result.ts";
import { audit } from "../../storage/maintenance/rollups.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";

const show: Verb = async (call) => {
  const nowMs = Date.now();
  const balances = call.context.shards.map(async ({ db }) => {
    const { accepted, outcomes, outbox } = await audit(db, nowMs);
    return reconcile(accepted, outcomes, outbox);
  });
  return ok({ status: 200, body: addUp(await Promise.all(balances)) });
};

export function mountReconciliation(app: AdminApp): void {
  mount(app, "/reconciliation", { GET: show });
}
