import type { Context } from "../context.ts";
import { recheckConnections } from "../delivery/listeners/calls.ts";

/** Operations after which a command may listen for nothing, or may listen no more, and which dashboards show. */
const CONCERNED =
  /^(?:(?:integrations|routes|tokens)\.(?:update|delete)|destinations\.(?:create|update|delete|pause|resume)|config\.apply|sessions\.deleteCurrent)$/;

/** Has the objects look at their connections after an operation that concerns these. Never rejects. */
export async function notifyListeners(context: Context, operation: string): Promise<void> {
  if (CONCERNED.test(operation)) await recheckConnections(context);
}
