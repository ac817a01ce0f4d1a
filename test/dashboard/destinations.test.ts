import { describe, expect, it } from "vitest";
import { attemptResult, isAccepted } from "../../src/dashboard/deliveries/attempt-result.ts";
import { authDraftOf, authInputOf } from "../../src/dashboard/destinations/auth-draft.ts";
import { readSchedule, scheduleText } from "../../src/dashboard/destinations/delays.ts";
import { lineIn } from "../../src/dashboard/destinations/payload-draft.ts";
import { hasSecret, signingDraftOf, signingInputOf } from "../../src/dashboard/destinations/signing-draft.ts";

describe("a retry schedule as text", () => {
  it("comes back as it was", () => {
    const schedule = [5, 90, 300, 7_200, 86_400];
    expect(scheduleText(schedule)).toBe("5s, 90s, 5m, 2h, 1d");
    expect(readSchedule(scheduleText(schedule))).toEqual(schedule);
    expect(readSchedule("5, 10 m")).toEqual([5, 600]);
  });

  it("is the gateway's own if it is empty, and refused if a part is no delay", () => {
    expect(readSchedule(" ")).toBe(null);
    expect(scheduleText(null)).toBe("");
    expect(readSchedule("5s, soon")).toBe(undefined);
    expect(readSchedule("-1")).toBe(undefined);
  });
});

describe("the fields of a destination", () => {
  it("leave out a secret that was not typed, so that the stored one stays", () => {
    const auth = authDraftOf({ type: "basic", username: "u" });
    expect(authInputOf(auth)).toEqual({ type: "basic", username: "u" });
    expect(authInputOf({ ...auth, password: "p" })).toEqual({ type: "basic", username: "u", password: "p" });
    const signing = signingDraftOf({ scheme: "standard-webhooks" });
    expect(signingInputOf(signing)).toEqual({ scheme: "standard-webhooks" });
    expect(signingInputOf({ ...signing, secret: "s" })).toEqual({ scheme: "standard-webhooks", secret: "s" });
  });

  it("know which schemes have a secret", () => {
    expect(hasSecret({ scheme: "standard-webhooks" })).toBe(true);
    expect(hasSecret({ scheme: "rfc9421", algorithm: "ed25519" })).toBe(false);
    expect(hasSecret({ scheme: "none" })).toBe(false);
  });
});

it("finds the line in a message about a template or its JSON", () => {
  expect(lineIn("is not a template that can be read: tag x not found, line:12, col:3")).toBe(12);
  expect(lineIn("breaks at line 4, column 2 (position 30)")).toBe(4);
  expect(lineIn("is too long")).toBe(1);
});

describe("an attempt", () => {
  it("is accepted by a 2xx, and by a document, a queue or a mailbox, which have no status", () => {
    const accepted = [
      { status: 204, error: null },
      { status: null, error: null },
    ];
    expect(accepted.map((attempt) => [isAccepted(attempt), attemptResult(attempt)])).toEqual([
      [true, "204"],
      [true, "accepted"],
    ]);
  });

  it("fails with another status or an error", () => {
    const failed = [
      { status: 500, error: null },
      { status: null, error: "The connection was refused." },
    ];
    expect(failed.map((attempt) => [isAccepted(attempt), attemptResult(attempt)])).toEqual([
      [false, "500"],
      [false, "failed"],
    ]);
  });
});
