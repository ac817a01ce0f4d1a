import { expect, it } from "vitest";
import { httpbis } from "http-message-signatures";
import { env } from "cloudflare:workers";
import { contextOf } from "../../../src/context.ts";
import { attemptWith } from "../../support/attempts.ts";
import { destinationWith } from "../../support/configuration.ts";
import { fakeOutside } from "../../support/world.ts";

async function attempt(headers: Readonly<Record<string, string>>, content_type: string) {
  const destination = destinationWith({ headers, signing: { scheme: "rfc9421", algorithm: "ed25519" } });
  return await attemptWith(destination, { content_type });
}

const headerCases: readonly [Readonly<Record<string, string>>, string][] = [
  [{}, "application/json"],
  [{}, " text/plain;  charset=utf-8 "],
  [{ "content-type": "application/x-mine" }, "application/json"],
  [{ "content-type": "  application/x-mine;  a=b  " }, "application/json"],
];

it.each(headerCases)(
  "the content type that is sent is the one that is signed: %j over %j",
  async (headers, content_type) => {
    const seen = fakeOutside();
    expect((await attempt(headers, content_type)).attempt.error).toBe(null);
    const sent = Object.fromEntries(seen[0]?.headers ?? []);
    expect(sent["content-type"]).toBe((headers["content-type"] ?? content_type).trim());
    const [{ public_key }] = await contextOf(env).keys.signingKeys(Date.now());
    const key = await crypto.subtle.importKey("raw", public_key, { name: "Ed25519" }, false, ["verify"]);
    const verified = await httpbis.verifyMessage(
      {
        keyLookup: () =>
          Promise.resolve({
            id: "gateway",
            verify: (data, signature) => crypto.subtle.verify({ name: "Ed25519" }, key, signature, data),
          }),
        requiredFields: ["content-type"],
      },
      { method: "POST", url: seen[0]?.url ?? "", headers: sent },
    );
    expect(verified).toBe(true);
  },
);

it("a content type that cannot be signed is not sent, and the log says why", async () => {
  const seen = fakeOutside();
  const { attempt: made } = await attempt({ "content-type": "text/plain; name=é" }, "application/json");
  expect(seen).toEqual([]);
  expect(made.error).toContain("content-type");
});
