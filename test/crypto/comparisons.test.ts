import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { createIntegration, unchecked } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";

/** Calls the gateway and returns the results of all comparisons in constant time. */
async function comparisonsOf(path: string, headers: Readonly<Record<string, string>>) {
  const compared = vi.spyOn(crypto.subtle, "timingSafeEqual");
  const init = path.startsWith("/api") ? { headers } : { method: "POST", headers, body: '{"a":1}' };
  const bindings = bindingsWith({ EVENTS: fakeQueue().queue });
  const { status } = await app.request(`https://gate.example.net${path}`, init, bindings);
  const results = compared.mock.results.map(({ value }) => value);
  const lengths = compared.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength]);
  compared.mockRestore();
  return { status, results, lengths };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` });

describe("what is compared with a secret is compared in constant time:", () => {
  it.each([
    ["a token", { type: "token", token: "mine-1" }, { "pagertree-token": "mine-2" }, 403],
    ["a bearer token", { type: "bearer", token: "mine-1" }, bearer("mine-2"), 401],
    ["a name and a password", { type: "basic", username: "ann", password: "mine-1" }, basic("ben:mine-2"), 401],
    [
      "a signature",
      { type: "signature", scheme: "github", secret: "mine-1" },
      { "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
      401,
    ],
    [
      "a static token of a vendor",
      { type: "signature", scheme: "gitlab", secret: "mine-1" },
      { "x-gitlab-token": "mine-2" },
      401,
    ],
  ])("%s of a sender", async (_, auth, headers: Readonly<Record<string, string>>, status) => {
    const { id } = await createIntegration(unchecked({ type: "catch", auth }));
    // The first request checks the checksum of the address, too, in constant time.
    const found = await comparisonsOf(`/integration/${id}`, headers);
    expect(found.status).toBe(status);
    expect(found.results).toContain(false);
    for (const [a, b] of found.lengths) expect(a).toBe(b);
  });

  it("the token of the administrator, whatever the length of the guess", async () => {
    for (const guess of [
      "x",
      env.ADMIN_TOKEN.slice(0, -1),
      `${env.ADMIN_TOKEN}x`,
      env.ADMIN_TOKEN.replace(/.$/, "?"),
    ]) {
      const found = await comparisonsOf("/api/v1/integrations", bearer(guess));
      expect([found.status, found.results, found.lengths]).toEqual([401, [false], [[32, 32]]]);
    }
  });
});
