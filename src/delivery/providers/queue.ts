import { findQueue } from "../../platform/bindings.ts";
import { MAX_QUEUE_MESSAGE_BYTES } from "../../platform/limits.ts";
import { parseExact } from "../../model/exact-json.ts";
import type { Json } from "../../model/json.ts";
import { callBinding } from "./call-binding.ts";
import { type Outgoing, defineProvider, unsent } from "./provider.ts";
import * as z from "zod/mini";

/** What a queue takes, less what it adds itself. */
const MAX_BYTES = MAX_QUEUE_MESSAGE_BYTES - 100;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A message for a queue. It contains what a webhook has in headers. */
type QueueMessage = {
  readonly id: string;
  readonly type: string;
  readonly content_type: string;
  readonly encoding: "json" | "text" | "base64";
  readonly body: Json;
};

function encode(bytes: Uint8Array): Pick<QueueMessage, "encoding" | "body"> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { encoding: "base64", body: bytes.toBase64() };
  }
  try {
    return { encoding: "json", body: parseExact(text) };
  } catch {
    return { encoding: "text", body: text };
  }
}

function messageOf({ delivery_id, event, body }: Outgoing): QueueMessage {
  return { id: delivery_id, type: event.type, content_type: body.content_type, ...encode(body.bytes) };
}

/** Sends a message to a Cloudflare Queue that the gateway's owner has bound. */
export const queue = defineProvider({
  options: () => z.strictObject({ binding: z.string().check(z.maxLength(100)) }),
  refuse: (env, options) => {
    if (options === null || findQueue(env, options.binding) !== null) return null;
    return {
      path: "options.binding",
      message: "is not the name of a queue that is bound to this gateway for you",
    };
  },
  target: ({ binding }) => binding,
  async deliver(context, outgoing, { binding }) {
    const bound = findQueue(context.env, binding);
    if (bound === null) return unsent("refused", `The gateway has no queue bound as ${binding}.`);
    const message = messageOf(outgoing);
    const { byteLength } = new TextEncoder().encode(JSON.stringify(message));
    if (byteLength > MAX_BYTES) {
      return unsent("refused", `The message would have ${byteLength} bytes; a queue takes ${MAX_BYTES}.`);
    }
    return await callBinding(
      context,
      outgoing,
      () => bound.send(message, { contentType: "json" }),
      () => "The queue did not accept the message.",
    );
  },
});
