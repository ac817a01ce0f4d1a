import * as z from "zod/mini";
import { parseExact } from "../../model/exact-json.ts";
import type { Json } from "../../model/json.ts";
import type { DeadLetter } from "../../storage/pipeline/dead-letters.ts";
import type { Shown } from "../endpoint.ts";
import { pageOf } from "../paging.ts";
import { anyJson, answerSchema, time } from "../schema.ts";

export const deadLetter = answerSchema(
  "DeadLetter",
  z.strictObject({
    id: z.string(),
    queue: z.string().check(z.describe("The queue that the message came from.")),
    error: z.string().check(z.describe("Why the gateway could not process the message.")),
    message: anyJson,
    received_at: time,
  }),
);
export const deadLetterList = pageOf("DeadLetterList", deadLetter);

export function parseMessage({ message }: DeadLetter): Json {
  return parseExact(message);
}

export function viewDeadLetter(letter: DeadLetter): Shown<typeof deadLetter> {
  const { id, queue, received_at } = letter;
  const error = queue.endsWith("-dead-letters")
    ? "The gateway could not process this message in any of its attempts."
    : "This version of the gateway cannot read this message.";
  return { id, queue, error, message: parseMessage(letter), received_at };
}
