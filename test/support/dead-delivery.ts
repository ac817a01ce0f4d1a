import type { Delivery } from "../../src/model/delivery.ts";
import { failedAttempt, onlyDelivery } from "./deliveries.ts";
import { tables } from "./tables.ts";
import { type World, eventMessage, insertRouted, processBatch } from "./world.ts";

/** The only delivery of the gateway, after its last attempt got a response. */
export async function deadDelivery(
  world: World,
  destinationId: string,
  { status, body }: { readonly status: number; readonly body: string },
): Promise<Delivery> {
  await insertRouted(destinationId);
  const message = eventMessage("create", "db-7");
  await processBatch(world.context, [message]);
  const made = await onlyDelivery();
  const attempt = failedAttempt(made.created_at, { status, response_body: body, error: null });
  const dead: Delivery = {
    ...made,
    status: "dead",
    reason: "attempts_exhausted",
    attempts: [attempt],
    next_attempt_at: null,
  };
  await tables.events.update({ id: message.id }, { deliveries: [dead] });
  return dead;
}
