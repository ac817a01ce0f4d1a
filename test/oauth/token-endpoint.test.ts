import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  CLIENT_SECRET,
  type Outside,
  attemptTo,
  elsewhere,
  oauthDestination,
  oauthOutside,
  tokenRow,
} from "../support/oauth.ts";
import { createWorld } from "../support/world.ts";
import { tables } from "../support/tables.ts";

let outside: Outside;

beforeEach(() => {
  outside = oauthOutside();
});
/** Returns the error of an attempt while the token endpoint responds with `answer`. Nothing reaches the destination. */
async function errorWhile(answer: Outside["answer"]): Promise<string | null> {
  outside.answer = answer;
  const attempt = await attemptTo(await oauthDestination());
  expect(attempt.status).toBeNull();
  expect(outside.received).toHaveLength(0);
  expect(attempt.error).not.toContain(CLIENT_SECRET);
  return attempt.error;
}

const NO_TOKEN = "The token endpoint did not respond with a bearer token.";

describe("a token endpoint", () => {
  it("receives the id of the gateway, so that an endpoint of the gateway itself refuses the request", async () => {
    await attemptTo(await oauthDestination());
    const gatewayId = await createWorld().context.keys.gatewayId();
    expect(outside.tokenCalls.map((call) => call.headers.get("hookgate-gateway"))).toEqual([gatewayId]);
  });

  it.each([301, 302, 303, 307, 308])("that responds with a redirect by %i is not followed", async (status) => {
    const location = "http://169.254.169.254/latest/meta-data/";
    const error = await errorWhile(() => new Response(null, { status, headers: { location } }));
    expect(error).toBe("The token endpoint responded with a redirect, which is never followed.");
    expect(outside.elsewhere).toEqual([]);
    expect(outside.tokenCalls).toHaveLength(1);
  });

  it.each([
    ["an error code", () => Response.json({ error: "invalid_client" }, { status: 401 }), "401 invalid_client."],
    ["a code under 200", () => Response.json({ error: "bad_verification_code" }), "400 bad_verification_code."],
    ["another status", () => new Response("<h1>down</h1>", { status: 503 }), "503."],
    ["an error of its own", () => Response.json({ message: "no" }, { status: 500 }), "500."],
    ["a secret for a code", () => Response.json({ error: CLIENT_SECRET }, { status: 400 }), "400."],
    ["markup for a code", () => Response.json({ error: "<script>" }, { status: 400 }), "400."],
    [
      "a challenge",
      () => Response.json({ error: "invalid_client" }, { status: 401, headers: { "www-authenticate": "Basic" } }),
      "401 invalid_client.",
    ],
  ])("that responds with %s fails the attempt with the status", async (_, answer, told) => {
    expect(await errorWhile(answer)).toBe(`The token endpoint responded with ${told}`);
  });

  it.each([
    ["HTML", () => new Response("<h1>Sign in</h1>", { headers: { "content-type": "text/html" } })],
    ["nothing", () => new Response("")],
    ["a list", () => Response.json([1])],
    ["broken JSON", () => new Response('{"access_token":')],
  ])("that responds with 200 and %s is no token endpoint", async (_, answer) => {
    expect(await errorWhile(answer)).toBe("The token endpoint did not respond with a JSON object.");
  });

  it.each([
    ["no token", { access_token: undefined }],
    ["an empty token", { access_token: "" }],
    ["a token that is no text", { access_token: 5 }],
    ["a token with a line break", { access_token: "a\r\nx-evil: 1" }],
    ["a token with a space", { access_token: "a b" }],
    ["a token that is not ASCII", { access_token: "tökén" }],
    ["a token that is longer than a header", { access_token: "a".repeat(16_385) }],
    ["a token of another type", { token_type: "mac" }],
    ["a token that is bound to a key", { token_type: "DPoP" }],
    ["a negative life", { expires_in: -1 }],
  ])("that responds with %s gives no token", async (_, members) => {
    expect(await errorWhile(() => Response.json({ access_token: "a", token_type: "bearer", ...members }))).toBe(
      NO_TOKEN,
    );
  });

  it("whose response has no end is cancelled", async () => {
    let pulls = 0;
    const chunk = new TextEncoder().encode(" ".repeat(1_024));
    const error = await errorWhile(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              pulls += 1;
              controller.enqueue(chunk);
            },
          }),
        ),
    );
    expect(error).toBe("The token endpoint responded with 200 and more than 64 KB.");
    expect(pulls).toBeLessThan(100);
  });

  it("that cannot be reached is described in our own words", async () => {
    const error = await errorWhile(() => {
      throw new TypeError(`connect to 10.0.0.7 with ${CLIENT_SECRET}`);
    });
    expect(error).toBe("The token endpoint could not be reached.");
  });

  it("that hangs is cancelled at the destination's time-out", async () => {
    const id = await oauthDestination(undefined, { timeout_ms: 1_234 });
    const asked: number[] = [];
    const real = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      asked.push(ms);
      return real(1);
    });
    outside.answer = ({ init }) => {
      const { promise, reject } = Promise.withResolvers<Response>();
      init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      return promise;
    };
    expect((await attemptTo(id)).error).toBe("The token endpoint did not respond in time.");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeLessThanOrEqual(1_234);
    expect(asked[0]).toBeGreaterThan(0);
  });

  it("that failed is called again by the next attempt", async () => {
    const id = await oauthDestination();
    const world = createWorld();
    outside.answer = () => new Response("down", { status: 503 });
    await attemptTo(id, world.context);
    expect(await tokenRow(id)).toMatchObject({ sealed: null, leased_until: 0 });
    outside.answer = null;
    expect((await attemptTo(id, world.context)).status).toBe(200);
  });

  it.each([
    ["http://login.example.com/token", "The URL must start with https://"],
    ["https://127.0.0.1/token", "An IP address cannot be called"],
    ["https://login.internal/token", "reserved for private use"],
    ["https://metadata.google.internal/token", "metadata addresses are never called"],
  ])("at %s that was saved when it was allowed is not called when it is not", async (token_url, reason) => {
    const id = await oauthDestination();
    await tables.destinations.edit<object>({ id }, "auth", (auth) => ({ ...auth, token_url }));
    const { error } = await attemptTo(id, elsewhere({ allow_private_destinations: false }));
    expect(error).toContain("The address of the token endpoint is not allowed: ");
    expect(error).toContain(reason);
    expect(vi.mocked(fetch)).not.toHaveBeenCalled();
  });
});
