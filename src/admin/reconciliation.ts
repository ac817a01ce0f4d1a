import { reconcile } from "../model/reconciliation.ts";
import { ok } from "../model/result.ts";
import { audit } from "../storage/tallies.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";

const show: Verb = async (call) => {
  const { accepted, outcomes, outbox } = await audit(call.env.DB, Date.now());
  return ok({ status: 200, body: reconcile(accepted, outcomes, outbox) });
};

export function mountReconciliation(app: AdminApp): void {
  mount(app, "/reconciliation", { GET: show });
}
