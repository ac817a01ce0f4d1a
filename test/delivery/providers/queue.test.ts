import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Deliverable } from "../../../src/model/envelope.ts";
import type { Payload } from "../../../src/model/destination.ts";
import { type SendBehaviour, fakeQueue } from "../../support/bindings.ts";
import { eventWith, sendTo } from "./stand.ts";

async function forward(
  event: Deliverable,
  payload: Payload = { mode: "envelope" },
  behaviour: SendBehaviour = "takes",
) {
  const { queue, sent } = fakeQueue(behaviour);
  const options = { binding: "FORWARD" };
  const account = await sendTo({ type: "queue", options, payload, timeout_ms: 1_000 }, event, { FORWARD: queue });
  return { account, sent };
}

describe("a message for a queue", () => {
  it("holds the payload as JSON where it is JSON, with the delivery's id and type", async () => {
    const { account, sent } = await forward(eventWith({ Host: "db-1" }));
    expect(account).toMatchObject({ outcome: { kind: "stored" }, error: null });
    expect(sent).toMatchObject([
      {
        id: "dlv_1",
        type: "alert.created",
        content_type: "application/json",
        encoding: "json",
        body: { type: "alert.created", data: { event: { payload: { Host: "db-1" } }, alert: { key: "disk-1" } } },
      },
    ]);
  });

  it("holds whole numbers with all digits", async () => {
    const { sent } = await forward(eventWith('{"order":9007199254740993}'), { mode: "original" });
    expect(JSON.stringify(sent)).toContain('"body":{"order":9007199254740993}');
  });

  it("holds text as text, and other bytes as base64", async () => {
    const text = await forward(eventWith("{not JSON", {}, { headers: { "content-type": "text/plain" } }), {
      mode: "original",
    });
    expect(text.sent).toMatchObject([{ encoding: "text", body: "{not JSON", content_type: "text/plain" }]);
    const bytes = await forward(eventWith("//4=", {}, { body_encoding: "base64" }), { mode: "original" });
    expect(bytes.sent).toMatchObject([{ encoding: "base64", body: "//4=", content_type: "application/octet-stream" }]);
  });

  it("is not sent where it is larger than a queue takes, and says how large it would be", async () => {
    const { account, sent } = await forward(eventWith({ filler: "é".repeat(64_000) }));
    expect(sent).toEqual([]);
    expect(account.outcome).toEqual({ kind: "refused" });
    expect(account.error).toMatch(/would have 128\d\d\d bytes; a queue takes 127900/);
    const most = await forward(eventWith({ filler: "é".repeat(63_000) }));
    expect(most.account.outcome).toEqual({ kind: "stored" });
  });

  it("that the queue does not take is a failed attempt, told in our own words", async () => {
    const { account } = await forward(eventWith({}), { mode: "envelope" }, "throws");
    expect(account).toMatchObject({ outcome: { kind: "failed" }, error: "The queue did not accept the message." });
  });

  it("is waited for no longer than the destination's time-out", async () => {
    const { account } = await forward(eventWith({}), { mode: "envelope" }, "hangs");
    expect(account).toMatchObject({
      outcome: { kind: "timed_out" },
      error: "The service did not respond within 1000 ms.",
    });
  });

  it.each(["NONE", "EVENTS", "DELIVERIES", "DEAD_LETTERS", "DB", "BODIES", "ADMIN_TOKEN", "constructor", "__proto__"])(
    "goes nowhere by the binding %s",
    async (binding) => {
      const { queue, sent } = fakeQueue();
      const bindings = { EVENTS: queue, DELIVERIES: queue, DEAD_LETTERS: queue };
      const options = { binding };
      const account = await sendTo({ type: "queue", options }, eventWith({}), bindings);
      expect(account).toMatchObject({
        outcome: { kind: "refused" },
        error: `The gateway has no queue bound as ${binding}.`,
      });
      expect(sent).toEqual([]);
    },
  );

  it("goes through a binding of the real runtime", async () => {
    const options = { binding: "FORWARD" };
    const account = await sendTo({ type: "queue", options }, eventWith({}), { FORWARD: env.DEAD_LETTERS });
    expect(account.outcome).toEqual({ kind: "stored" });
  });
});
