import type { Context } from "../context.ts";
import { stepReplay } from "../delivery/replay/replay-step.ts";
import { retryDeliveries } from "../delivery/attempts/retries.ts";
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

async function goOnReplaying(context: Context, message: Message, { replay }: ReplayMessage): Promise<void> {
  try {
    await stepReplay(context, replay);
    message.ack();
  } catch (error) {
    logLine("error", "replay not gone on with", { replay_id: replay, error: describeError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

type Arrived = { readonly message: Message; readonly body: DeliveryMessage };

async function attemptAll(context: Context, arrived: readonly Arrived[], ctx: ExecutionContext): Promise<void> {
  if (arrived.length === 0) return;
  try {
    const { dispositions, finish } = await retryDeliveries(context, arrived);
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

/** From then on a group that cannot be closed is left to the sweep, which asks for it again and again. */
const MAX_CLOSING_ATTEMPTS = 5;

type Closing = { readonly message: Message; readonly body: CloseGroupMessage };

async function closeAll(context: Context, closings: readonly Closing[], ctx: ExecutionContext): Promise<void> {
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
    logLine("error", "groups not closed", { count: closings.length, error: describeError(error) });
    for (const { message } of closings) {
      if (message.attempts < MAX_CLOSING_ATTEMPTS) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
      else message.ack();
    }
  }
}

/** The DELIVERIES consumer. Each message ends acknowledged or put back; it never throws. */
export async function consumeDeliveries(context: Context, batch: MessageBatch, ctx: ExecutionContext): Promise<void> {
  const arrived: Arrived[] = [];
  const closings: Closing[] = [];
  const replays: { readonly message: Message; readonly body: ReplayMessage }[] = [];
  for (const message of batch.messages) {
    const replay = parseReplayMessage(message.body);
    if (replay !== null) {
      replays.push({ message, body: replay });
      continue;
    }
    const closing = parseCloseGroupMessage(message.body);
    if (closing !== null) {
      closings.push({ message, body: closing });
      continue;
    }
    const body = parseDeliveryMessage(message.body);
    if (body === null) await keepUnreadable(context, batch.queue, message);
    else arrived.push({ message, body });
  }
  await attemptAll(context, arrived, ctx);
  // After the deliveries, which should not wait for them.
  await closeAll(context, closings, ctx);
  for (const { message, body } of replays) await goOnReplaying(context, message, body);
}
