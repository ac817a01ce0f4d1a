import { packBatches, sendBatch } from "../platform/queues.ts";

/** How long a message waits that could not be sent anew, in seconds. */
const RETRY_SECONDS = 1;
const encoder = new TextEncoder();

function copyOf({ body }: Message): MessageSendRequest {
  return typeof body === "string" ? { body, contentType: "text" } : { body, contentType: "json" };
}

function bytesOf({ body }: Message): number {
  return encoder.encode(typeof body === "string" ? body : JSON.stringify(body)).byteLength;
}

/**
 * Puts messages that an invocation had no allowance for at the end of their queue, without any effect. They are sent anew,
 * because a queue retries one message only so often before it becomes a dead letter. Never rejects.
 */
export async function carryOver(queue: Queue, messages: readonly Message[]): Promise<void> {
  for (const batch of packBatches(messages, { bytesOf })) {
    const sent = await sendBatch(queue, batch.map(copyOf), { reason: "allowance_used_up" });
    for (const message of batch) {
      if (sent === "sent") message.ack();
      else message.retry({ delaySeconds: RETRY_SECONDS });
    }
  }
}
