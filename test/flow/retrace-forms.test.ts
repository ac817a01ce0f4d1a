import { describe, expect, it } from "vitest";
import { openLine } from "../support/flow.ts";

const type = "application/x-www-form-urlencoded";

describe("the test button of Retrace", () => {
  it("may send a form, which is delivered as a test", async () => {
    const line = await openLine("retrace");
    const answer = await line.send("test=1&EventType=1", { type });
    expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
    expect(await line.events()).toMatchObject([{ outcome: "received", note: "The body is a form." }]);
    expect(await line.alerts()).toEqual([]);
    const event = { kind: "test", test: true, payload: { test: "1", EventType: "1" } };
    expect(line.delivered()).toMatchObject([{ type: "event.received", data: { event } }]);
    expect(line.delivered()[0]?.["data"]).not.toHaveProperty("alert");
  });

  it.each([
    ["hello", "text/plain"],
    ["hello, world", type],
    ['{"EventType":1', type],
    ["test=1", "application/json"],
  ])("is refused where it sends what is neither JSON nor a form: %s as %s", async (body, sentAs) => {
    const line = await openLine("retrace");
    const { status, json } = await line.send(body, { type: sentAs });
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path: "", message: expect.stringContaining("The body") }] });
    expect(await line.events()).toEqual([]);
  });
});
