import { findQueue } from "../../platform/bindings.ts";
import type { Json } from "../../model/json.ts";
import { handOver } from "./call-binding.ts";
import { type Outgoing, type Sender, unsent } from "./provider.ts";

/** What a queue takes, less what it adds itself. */
const MAX_BYTES = 128_000 - 100;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A message for a queue: what a webhook says in headers is said in the message. */
type Message = {
  readonly id: string;
  readonly type: string;
  readonly content_type: string;
  readonly encoding: "json" | "text" | "base64";
  readonly body: Json;
};

function encode(bytes: Uint8Array): Pick<Message, "encoding" | "body"> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { encoding: "base64", body: bytes.toBase64() };
  }
  try {
    const body: Json = JSON.parse(text);
    return { encoding: "json", body };
  } catch {
    return { encoding: "text", body: text };
  }
}

function messageOf({ delivery_id, event, body }: Outgoing): Message {
  return { id: delivery_id, type: event.type, content_type: body.content_type, ...encode(body.bytes) };
}

/** Puts a message into a Cloudflare Queue that is bound to the gateway. */
export const sendQueue: Sender = async (context, outgoing) => {
  const { options } = outgoing.destination;
  const binding = options.type === "queue" ? options.binding : "";
  const queue = findQueue(context.env, binding);
  if (queue === null) return unsent("refused", `The gateway has no queue bound as ${binding}.`);
  const message = messageOf(outgoing);
  const { byteLength } = new TextEncoder().encode(JSON.stringify(message));
  if (byteLength > MAX_BYTES) {
    return unsent("refused", `The message would have ${byteLength} bytes; a queue takes ${MAX_BYTES}.`);
  }
  return await handOver(
    context,
    outgoing,
    () => queue.send(message, { contentType: "json" }),
    () => "The queue did not take the message.",
  );
};
