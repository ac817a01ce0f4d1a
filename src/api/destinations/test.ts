import * as z from "zod/mini";
import { testDestination, testEvent } from "../../delivery/attempts/test-delivery.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import type { EventContent } from "../../model/event.ts";
import type { EventStores } from "../../platform/shards.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { findEventWithContent } from "../../storage/events/log.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { answerSchema, requestSchema } from "../schema.ts";

const testRequest = requestSchema(
  "DestinationTestRequest",
  z.strictObject({ event_id: z.optional(z.string().check(z.maxLength(100))) }),
);
const testResult = answerSchema(
  "DestinationTestResult",
  z.strictObject({
    ok: z.boolean(),
    status: z.nullable(z.int()),
    duration_ms: z.int(),
    response_body: z.nullable(z.string()),
    error: z.nullable(z.string()),
    hint: z.nullable(z.string()).check(z.describe("The likely cause of a failure.")),
  }),
);

type StoredEvent = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
};

/** An event with its content; null if the event does not exist or its content is gone. */
async function findStored(stores: EventStores, id: string): Promise<StoredEvent | null> {
  const event = await findEventWithContent(stores, id);
  if (event === null) return null;
  const { content } = event;
  return content === null ? null : { ...event, content };
}

export const test = endpoint({
  id: "destinations.test",
  method: "POST",
  path: "/destinations/{id}/test",
  scope: "write",
  summary: "Send a test event",
  description:
    "Makes one attempt, which is not recorded, even if the destination is disabled. A failure of the receiver is 200, too.",
  body: optionalJsonBody(testRequest),
  answers: { 200: returns(testResult, "The result of the attempt.") },
}).handle(async ({ context, id, body: { event_id } }) => {
  const [destination, stored] = await Promise.all([
    findDestination(context.primary, id),
    event_id === undefined ? null : findIn(context, (at) => findStored(at, event_id)),
  ]);
  if (destination === null) return notFound("destination");
  if (event_id !== undefined && stored === null) {
    return refuseBody([{ path: "event_id", message: "is not the id of an event whose content is still stored" }]);
  }
  const { id: freshId, at_ms } = context.mint("evt");
  const event = testEvent(freshId, new Date(at_ms).toISOString(), stored?.found ?? null);
  return { status: 200, body: await testDestination(context, destination, event, freshId) };
});
