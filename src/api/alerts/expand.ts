import type { Context } from "../../context.ts";
import type { Alert } from "../../model/alert.ts";
import { listAlertsById } from "../../storage/alerts/alerts.ts";
import { type Objects, readObjects } from "../expand.ts";

/** Reads the alerts of rows. */
export async function readAlerts(context: Context, ids: readonly (string | null)[]): Promise<Objects<Alert>> {
  const named = [...new Set(ids.filter((id) => id !== null))];
  return await readObjects(context, named, ({ shard: { db } }, wanted, page) => listAlertsById(db, wanted, page));
}
