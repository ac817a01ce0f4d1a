import type { Context } from "../context.ts";
import { retryDeliveries } from "../delivery/attempts/retries.ts";
import { stepReplay } from "../delivery/replay/replay-step.ts";
import {
  type CloseGroupMessage,
  type DeliveryMessage,
  parseCloseGroupMessage,
  parseDeliveryMessage,
} from "../model/delivery.ts";
import { type ReplayMessage, parseReplayMessage } from "../model/replay.ts";
import { describeError, logLine } from "../platform/log.ts";
import { closeGroups } from "./close-groups.ts";
import { keepUnreadable } from "./consume-dead-letters.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

type Arrived<Body> = { readonly message: Message; readonly body: Body };

/** From this many attempts on, a group that cannot be closed is left to maintenance, which asks for it again. */
const MAX_CLOSING_ATTEMPTS = 5;

async function takeReplayStep(context: Context, { message, body }: Arrived<ReplayMessage>): Promise<void> {
  try {
    await stepReplay(context, body.replay);
    message.ack();
  } catch (error) {
    logLine("error", "replay.step_failed", { replay_id: body.replay, error: describeError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

async function attemptAll(
  context: Context,
  arrived: readonly Arrived<DeliveryMessage>[],
  ctx: ExecutionContext,
): Promise<void> {
  if (arrived.length === 0) return;
  try {
    const { dispositions, finish } = await retryDeliveries(context, arrived);
    ctx.waitUntil(finish());
    for (const [{ message }, disposition] of dispositions) {
      if (disposition.kind === "done") message.ack();
      else message.retry({ delaySeconds: disposition.delay_seconds });
    }
  } catch (error) {
    logLine("error", "deliveries.attempt_failed", { count: arrived.length, error: describeError(error) });
    for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

async function closeAll(
  context: Context,
  closings: readonly Arrived<CloseGroupMessage>[],
  ctx: ExecutionContext,
): Promise<void> {
  if (closings.length === 0) return;
  try {
    const { waits, finish } = await closeGroups(
      context,
      closings.map(({ body }) => body.close_group),
    );
    ctx.waitUntil(finish());
    for (const { message, body } of closings) {
      const delaySeconds = waits.get(body.close_group);
      if (delaySeconds === undefined) message.ack();
      else message.retry({ delaySeconds });
    }
  } catch (error) {
    logLine("error", "groups.close_failed", { count: closings.length, error: describeError(error) });
    for (const { message } of closings) {
      if (message.attempts < MAX_CLOSING_ATTEMPTS) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
      else message.ack();
    }
  }
}

/** The DELIVERIES consumer. Each message is acknowledged or retried. Never throws. */
export async function consumeDeliveries(context: Context, batch: MessageBatch, ctx: ExecutionContext): Promise<void> {
  const deliveries: Arrived<DeliveryMessage>[] = [];
  const closings: Arrived<CloseGroupMessage>[] = [];
  const replays: Arrived<ReplayMessage>[] = [];
  for (const message of batch.messages) {
    const replay = parseReplayMessage(message.body);
    const closing = parseCloseGroupMessage(message.body);
    const delivery = parseDeliveryMessage(message.body);
    if (replay !== null) replays.push({ message, body: replay });
    else if (closing !== null) closings.push({ message, body: closing });
    else if (delivery !== null) deliveries.push({ message, body: delivery });
    else await keepUnreadable(context, batch.queue, message);
  }
  // Deliveries first: they must not wait for groups and replays.
  await attemptAll(context, deliveries, ctx);
  await closeAll(context, closings, ctx);
  for (const replay of replays) await takeReplayStep(context, replay);
}
