import { expect } from "vitest";
import { type Line, type Sending, openLine } from "./flow.ts";

export const FORM = "application/x-www-form-urlencoded";

/** What the destination was told: the payload of each delivery. */
export const payloads = (line: Line): unknown[] => line.delivered().map(({ data }) => data.event.payload);

/** The payload of the one event that a catch hook makes of a request, as the API shows it and the destination got it. */
export async function payloadOf(body: unknown, how: Sending = {}, options: object = {}): Promise<unknown> {
  const line = await openLine("catch", options);
  const answer = await line.send(body, how);
  const { id } = answer.json;
  expect(answer).toMatchObject({ status: 200, json: { status: "success", id, request_id: id, attempt: id } });
  const [only, ...others] = payloads(line);
  expect(others).toEqual([]);
  expect(line.delivered()).toMatchObject([{ type: "event.received", data: { event: { id, kind: "hook" } } }]);
  expect(line.delivered()[0]?.["data"]).not.toHaveProperty("alert");
  expect(await line.events()).toMatchObject([{ id, outcome: "received", type: "event.received", payload: only }]);
  return only;
}
