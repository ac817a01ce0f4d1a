import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { hideIn } from "../../../src/delivery/request/hide-secrets.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination, textOf, unchecked } from "../../support/api.ts";

const BOT_TOKEN = "123456:abc-DEF_ghijklmnopqrstuv";
const secretText = fc.string({ minLength: 8, maxLength: 60, unit: "grapheme-ascii" }).filter((text) => !/ /.test(text));

/** Responds with the whole request, as some servers do for an unknown path. */
function echo(status: number): void {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const text = `Cannot POST ${pathname} ${JSON.stringify(headers).replaceAll("/", String.raw`\/`)} ${await request.text()}`;
    return new Response(text, { status, headers: { location: `https://elsewhere.example.com${pathname}` } });
  });
}

describe("a response that repeats the request", () => {
  it.each([
    ["a password", { auth: { type: "basic", username: "u", password: "pa55word/+?" } }, [btoa("u:pa55word/+?")]],
    ["a token", { auth: { type: "bearer", token: "t0ken/with+marks" } }, ["t0ken/with+marks", String.raw`t0ken\/with`]],
    [
      "a secret header",
      { headers: { "x-api-key": "k3y k3y k3y", authorization: "Own s3cr3t-w0rd" } },
      ["k3y k3y", "s3cr3t-w0rd"],
    ],
    [
      "the token of a bot, in the path",
      { payload: { mode: "preset", preset: "telegram", options: { chat_id: "1", bot_token: BOT_TOKEN } } },
      [BOT_TOKEN, encodeURIComponent(BOT_TOKEN)],
    ],
    [
      "a key in the body",
      { payload: { mode: "preset", preset: "pagerduty", options: { routing_key: "r0utingkey-r0utingkey" } } },
      ["r0utingkey"],
    ],
  ])("does not show %s", async (_what, fields, secrets) => {
    const made = await createDestination(unchecked(fields));
    for (const status of [200, 301, 404]) {
      echo(status);
      const reply = await client.destinations.test(made.id);
      expect(unwrap(reply).status).toBe(status);
      expect(unwrap(reply).response_body).toContain("••••");
      for (const secret of secrets) expect(textOf(reply)).not.toContain(secret);
      vi.restoreAllMocks();
    }
  });

  it("is shown unchanged if it repeats no secret", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("no such Bearer token"));
    const made = await createDestination({ auth: { type: "bearer", token: "t0ken-t0ken" } });
    const reply = await client.destinations.test(made.id);
    expect(unwrap(reply).response_body).toBe("no such Bearer token");
  });
});

describe("a text in which secrets are hidden", () => {
  it("has none of them, nor the beginning of one at its end", () => {
    fc.assert(
      fc.property(secretText, fc.string(), fc.string(), fc.nat(), (secret, before, after, cut) => {
        const whole = hideIn(`${before}${secret}${after}`, [secret]);
        const isCut = hideIn(`${before}${secret.slice(0, 6 + (cut % (secret.length - 6)))}`, [secret]);
        return !whole.includes(secret) && !isCut.endsWith(secret.slice(0, 6));
      }),
    );
  });

  it("keeps secrets that are too short to be recognized", () => {
    expect(hideIn("status 1", ["1", "", "us"])).toBe("status 1");
  });
});
