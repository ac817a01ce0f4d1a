import { describe, expect, it } from "vitest";
import type { Event, Rejection } from "../../src/client/index.ts";
import { arrivalsOf, pick, rejectionReason } from "../../src/dashboard/integrations/arrivals.ts";
import { firstWebhook } from "../../src/dashboard/integrations/first-webhook.ts";
import { kindOf } from "../../src/dashboard/integrations/senders.ts";

const EVENT: Event = {
  id: "evt_1",
  integration_id: "int_1",
  type: "event.received",
  outcome: "received",
  note: null,
  unrouted: false,
  alert_id: null,
  title: "Hello",
  summary: "Hello",
  delivery_counts: { pending: 0, delivered: 1, dead: 0, cancelled: 0, outstanding: 0 },
  received_at: "2026-05-01T10:00:30.000Z",
  payload: {},
  headers: null,
  created_at: "2026-05-01T10:00:30.000Z",
  updated_at: "2026-05-01T10:00:30.000Z",
};
const REJECTION: Rejection = {
  at: "2026-05-01T10:00:40.000Z",
  status: 403,
  code: "bad_token",
  count: 2,
  example: { method: "POST", content_type: null, user_agent: null, size: null },
};

describe("the arrivals at an integration", () => {
  it("are events and refused requests together, newest first", () => {
    const later = { ...EVENT, id: "evt_2", received_at: "2026-05-01T10:00:50.000Z" };
    const arrivals = arrivalsOf([later, EVENT], [REJECTION]);
    expect(arrivals.map(({ key }) => key)).toEqual(["evt_2", "2026-05-01T10:00 403 bad_token", "evt_1"]);
  });

  it("keep their key while the count of a minute grows", () => {
    const grown = { ...REJECTION, at: "2026-05-01T10:00:59.000Z", count: 9 };
    const [before, after] = [REJECTION, grown].map((row) => arrivalsOf([], [row])[0]?.key);
    expect(before).toBe(after);
    const nextMinute = { ...REJECTION, at: "2026-05-01T10:01:00.000Z" };
    expect(arrivalsOf([], [nextMinute])[0]?.key).not.toBe(before);
  });

  it("stay in the order in which they are shown, as they are now", () => {
    const arrivals = arrivalsOf([EVENT], [REJECTION]);
    const keys = arrivals.map(({ key }) => key).toReversed();
    expect(pick(arrivals, [...keys, "gone"]).map(({ key }) => key)).toEqual(keys);
  });
});

describe("the reason of a refusal", () => {
  it("is a sentence for a code that the page knows, and the code's words for another", () => {
    expect(rejectionReason("bad_token").title).toBe("Wrong token");
    expect(rejectionReason("some_new_code")).toEqual({ title: "some new code", hint: null });
  });
});

describe("the command that sends a first webhook", () => {
  const integration = { type: "catch", options: {}, url: "https://gateway.example/integration/int_1" };

  it.each([
    [{ type: "none" }, []],
    [{ type: "token", header: "x-token", token: "it's" }, [`-H 'x-token: it'\\''s'`]],
    [{ type: "token", header: "x-token" }, ["-H 'x-token: YOUR-TOKEN'"]],
    [{ type: "bearer", token: "tok" }, ["-H 'authorization: Bearer tok'"]],
    [{ type: "basic", username: "ann", password: "p" }, ["-u 'ann:p'"]],
  ] as const)("has the credential of %j", (auth, expected) => {
    const lines = firstWebhook({ ...integration, auth })?.split(" \\\n  ") ?? [];
    expect(lines.slice(1, -2)).toEqual(expected);
  });

  it("does not exist for a sender that signs", () => {
    expect(firstWebhook({ ...integration, auth: { type: "signature", scheme: "github" } })).toBeNull();
  });
});

describe("the kind of an integration", () => {
  it("is its rule set, or else its type", () => {
    expect(kindOf({ type: "rules", options: { rule_set: "grafana" } })).toBe("grafana");
    expect(kindOf({ type: "catch", options: {} })).toBe("catch");
  });
});
