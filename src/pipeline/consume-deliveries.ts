import type { Context } from "../context.ts";
import { type Invocation, startInvocation, withOwnAllowance } from "../delivery/attempts/invocation.ts";
import { retryDeliveries } from "../delivery/attempts/retries.ts";
import { stepReplay } from "../delivery/replay/replay-step.ts";
import { stepMove } from "../maintenance/move-events.ts";
import {
  type CloseGroupMessage,
  type DeliveryMessage,
  parseCloseGroupMessage,
  parseDeliveryMessage,
} from "../model/delivery.ts";
import { type MoveMessage, parseMoveMessage } from "../model/move.ts";
import { type ReplayMessage, parseReplayMessage } from "../model/replay.ts";
import { describeError, logLine } from "../platform/log.ts";
import { isSuspect, processAlone } from "./alone.ts";
import { carryOver } from "./carry-over.ts";
import { closeGroups } from "./close-groups.ts";
import { keepUnreadable } from "./consume-dead-letters.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

type Arrived<Body> = { readonly message: Message; readonly body: Body };

/** From this many attempts on, a group that cannot be closed is left to maintenance, which asks for it again. */
const MAX_CLOSING_ATTEMPTS = 5;

/** One invocation of the consumer. */
type Run = {
  readonly context: Context;
  readonly queue: string;
  readonly ctx: Pick<ExecutionContext, "waitUntil">;
  readonly invocation: Invocation;
};

async function takeReplayStep(context: Context, { message, body }: Arrived<ReplayMessage>): Promise<boolean> {
  try {
    await stepReplay(context, body.replay);
    message.ack();
    return true;
  } catch (error) {
    logLine("error", "replay.step_failed", { replay_id: body.replay, error: describeError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    return false;
  }
}

async function takeMoveStep(context: Context, { message, body }: Arrived<MoveMessage>): Promise<boolean> {
  try {
    await stepMove(context, body.move);
    message.ack();
    return true;
  } catch (error) {
    logLine("error", "segment.move_failed", { error: describeError(error) });
    // Maintenance begins anew.
    message.ack();
    return false;
  }
}

async function attemptAll(
  { context, ctx, invocation }: Run,
  arrived: readonly Arrived<DeliveryMessage>[],
): Promise<boolean> {
  if (arrived.length === 0) return true;
  try {
    const { dispositions, finish } = await retryDeliveries(context, arrived, invocation);
    ctx.waitUntil(finish());
    for (const [{ message }, disposition] of dispositions) {
      if (disposition.kind === "done") message.ack();
      else message.retry({ delaySeconds: disposition.delay_seconds });
    }
    return true;
  } catch (error) {
    logLine("error", "deliveries.attempt_failed", { count: arrived.length, error: describeError(error) });
    for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    return false;
  }
}

async function closeAll(
  { context, ctx, invocation }: Run,
  closings: readonly Arrived<CloseGroupMessage>[],
): Promise<boolean> {
  if (closings.length === 0) return true;
  try {
    const ids = closings.map(({ body }) => body.close_group);
    const { waits, finish } = await closeGroups(context, ids, invocation);
    ctx.waitUntil(finish());
    for (const { message, body } of closings) {
      const delaySeconds = waits.get(body.close_group);
      if (delaySeconds === undefined) message.ack();
      else message.retry({ delaySeconds });
    }
    return true;
  } catch (error) {
    logLine("error", "groups.close_failed", { count: closings.length, error: describeError(error) });
    for (const { message } of closings) {
      if (message.attempts < MAX_CLOSING_ATTEMPTS) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
      else message.ack();
    }
    return false;
  }
}

/** Processes messages together. Returns false if any part failed. */
async function processMessages(run: Run, messages: readonly Message[]): Promise<boolean> {
  const deliveries: Arrived<DeliveryMessage>[] = [];
  const closings: Arrived<CloseGroupMessage>[] = [];
  const replays: Arrived<ReplayMessage>[] = [];
  const moves: Arrived<MoveMessage>[] = [];
  for (const message of messages) {
    const replay = parseReplayMessage(message.body);
    const move = parseMoveMessage(message.body);
    const closing = parseCloseGroupMessage(message.body);
    const delivery = parseDeliveryMessage(message.body);
    if (replay !== null) replays.push({ message, body: replay });
    else if (move !== null) moves.push({ message, body: move });
    else if (closing !== null) closings.push({ message, body: closing });
    else if (delivery !== null) deliveries.push({ message, body: delivery });
    else await keepUnreadable(run.context, run.queue, message);
  }
  // Deliveries first: they must not wait for groups and replays.
  let isFine = await attemptAll(run, deliveries);
  isFine = (await closeAll(run, closings)) && isFine;
  for (const replay of replays) isFine = (await takeReplayStep(run.context, replay)) && isFine;
  for (const move of moves) isFine = (await takeMoveStep(run.context, move)) && isFine;
  return isFine;
}

/** The DELIVERIES consumer. Each message is acknowledged or retried. Never throws. */
export async function consumeDeliveries(
  context: Context,
  batch: MessageBatch,
  ctx: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
  const invocation = startInvocation(context);
  const run = { context, queue: batch.queue, ctx, invocation };
  await processMessages(
    run,
    batch.messages.filter((message) => !isSuspect(message)),
  );
  const alone = { ...run, invocation: withOwnAllowance(context, invocation) };
  const { carried_over, failed } = await processAlone(
    context,
    batch.messages.filter(isSuspect),
    (message) => processMessages(alone, [message]),
    () => alone.invocation.allowance.isUsedUp,
  );
  await carryOver(context.shard.deliveries, carried_over);
  for (const message of failed) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
}
