import { describe, expect, it, vi } from "vitest";
import type { Deliverable } from "../../../src/model/envelope.ts";
import type { Payload } from "../../../src/model/destination.ts";
import { eventWith, sendTo } from "./stand.ts";

const PLACE = { from: "gate@example.com", to: "ops@example.com" } as const;
const TEXT: Payload = { mode: "template", content_type: "text/plain", body: "{{ data.alert.title }}\n{{ Host }}" };

async function mail(
  subject: string,
  event: Deliverable,
  payload: Payload = TEXT,
  send = vi.fn((_mail: unknown): Promise<unknown> => Promise.resolve({ messageId: "1" })),
) {
  const bindings = { EMAIL: { send } };
  const account = await sendTo({ type: "email", options: { ...PLACE, subject }, payload }, event, bindings);
  return { account, mails: send.mock.calls.map(([sent]) => sent) };
}

describe("a mail", () => {
  it("has the payload as its text, a subject from a template, and the delivery's id", async () => {
    const { account, mails } = await mail("[{{ data.alert.status }}] {{ Host }}", eventWith({ Host: "db-1" }));
    expect(account).toMatchObject({ outcome: { kind: "stored" }, error: null });
    expect(mails).toEqual([
      {
        from: "gate@example.com",
        to: "ops@example.com",
        subject: "[open] db-1",
        text: "Disk full\ndb-1",
        headers: { "X-Hookgate-Delivery": "dlv_1" },
      },
    ]);
  });

  it.each([
    "a\r\nBcc: all@example.com",
    "a\nBcc: x",
    "a\rBcc: x",
    "a\u2028Bcc: x",
    "a\u0000\u0085b",
    "a\u000bb",
    "a\u202eb",
  ])("keeps its subject on one line where a sender sends %j", async (Host) => {
    const { mails } = await mail("{{ Host }}", eventWith({ Host }));
    expect(mails).toHaveLength(1);
    const [sent] = mails;
    expect(sent).toMatchObject({
      to: "ops@example.com",
      subject: expect.stringMatching(/^a [^\p{Cc}\p{Cf}\u2028]+$/u),
    });
    expect(Object.keys(sent ?? {})).toEqual(["from", "to", "subject", "text", "headers"]);
  });

  it("has a subject in any case, of at most 200 characters", async () => {
    expect((await mail("{{ Nothing }}", eventWith({}))).mails).toMatchObject([{ subject: "alert.created" }]);
    const { mails } = await mail("{{ Host }}", eventWith({ Host: `${"a".repeat(199)}😀` }));
    expect(mails).toMatchObject([{ subject: "a".repeat(199) }]);
  });

  it("is not sent of a body that is no text or too large", async () => {
    const bytes = await mail("a", eventWith("//4=", {}, { body_encoding: "base64" }), { mode: "original" });
    expect(bytes.account).toMatchObject({
      outcome: { kind: "refused" },
      error: expect.stringContaining("is not text"),
    });
    const large = await mail("a", eventWith("x".repeat(5_000_001)), { mode: "original" });
    expect(large.account).toMatchObject({ outcome: { kind: "refused" }, error: expect.stringContaining("5 MB") });
    expect([...bytes.mails, ...large.mails]).toEqual([]);
  });

  it("that the service does not take is a failed attempt, with the service's code and nothing else of its words", async () => {
    const failing = (error: unknown) =>
      vi.fn(async (_mail: unknown): Promise<unknown> => {
        throw error;
      });
    const known = Object.assign(new Error("secret"), { code: "E_SENDER_NOT_VERIFIED" });
    expect((await mail("a", eventWith({}), TEXT, failing(known))).account).toMatchObject({
      outcome: { kind: "failed" },
      error: "The mail service did not accept the mail (E_SENDER_NOT_VERIFIED).",
    });
    const odd = Object.assign(new Error("secret"), { code: "a secret" });
    for (const error of [odd, new Error("secret"), "secret", null]) {
      const { account } = await mail("a", eventWith({}), TEXT, failing(error));
      expect(account.error).toBe("The mail service did not accept the mail.");
    }
  });

  it("is not sent where the binding is gone", async () => {
    const account = await sendTo({ type: "email", options: { ...PLACE, subject: "a" }, payload: TEXT }, eventWith({}));
    expect(account).toMatchObject({ outcome: { kind: "refused" }, error: expect.stringContaining("no binding EMAIL") });
  });
});
