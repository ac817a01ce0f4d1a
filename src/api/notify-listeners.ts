import type { Context } from "../context.ts";
import { recheckListeners } from "../delivery/listeners/calls.ts";

/** Operations after which a command may listen for nothing, or may listen no more. A new listener is watched from the start. */
const CONCERNED =
  /^(?:(?:integrations|routes|tokens)\.(?:update|delete)|destinations\.(?:create|update|pause|resume)|config\.apply|sessions\.deleteCurrent)$/;

/** Has the objects of listeners look at their connections after an operation that concerns them. Never rejects. */
export async function notifyListeners(context: Context, operation: string): Promise<void> {
  if (CONCERNED.test(operation)) await recheckListeners(context);
}
