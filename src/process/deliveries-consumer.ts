import type { Tools } from "../delivery/attempt.ts";
import { retryDeliveries } from "../delivery/retries.ts";
import { type DeliveryMessage, parseDeliveryMessage } from "../model/delivery.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { keepUnreadable } from "./dead-letters.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** The DELIVERIES consumer. Each message ends acknowledged or put back; it never throws. */
export async function consumeDeliveries(tools: Tools, batch: MessageBatch, ctx: ExecutionContext): Promise<void> {
  const arrived: { readonly message: Message; readonly body: DeliveryMessage }[] = [];
  for (const message of batch.messages) {
    const body = parseDeliveryMessage(message.body);
    if (body === null) await keepUnreadable(tools, batch.queue, message);
    else arrived.push({ message, body });
  }
  if (arrived.length === 0) return;
  try {
    const { dispositions, finish } = await retryDeliveries(tools, arrived);
    ctx.waitUntil(finish());
    for (const [{ message }, disposition] of dispositions) {
      if (disposition.kind === "done") message.ack();
      else message.retry({ delaySeconds: disposition.delay_seconds });
    }
  } catch (error) {
    logLine("error", "deliveries not attempted", { count: arrived.length, error: describeError(error) });
    for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}
