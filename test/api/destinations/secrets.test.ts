import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { secretsNeedingReentry } from "../../../src/api/destinations/secret-targets.ts";
import { findDestination, updateDestination } from "../../../src/storage/destinations/destinations.ts";
import { AUTH_URL, CLIENT_CREDENTIALS, BY_CODE, TOKEN_URL } from "../../support/oauth.ts";
import { type DestinationChange, unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, statusOf, unchecked } from "../../support/api.ts";

const BASIC = { type: "basic", username: "u", password: "first-password" } as const;
const BEARER = { type: "bearer", token: "first-token" } as const;
const THIEF = "https://thief.example.net/in";
const HIDDEN = "••••";

async function patch(made: { readonly id: string }, body: DestinationChange) {
  return await client.destinations.update(made.id, body);
}

async function stored(made: { readonly id: string }): Promise<string> {
  return JSON.stringify(await findDestination(asPrimary(env.DB), made.id));
}

describe("a secret of a destination", () => {
  it.each([
    ["a password", { auth: BASIC }, ["auth.password"]],
    ["a token", { auth: BEARER }, ["auth.token"]],
    [
      "a secret access key with its session token",
      { auth: { type: "aws_sigv4", access_key_id: "A", secret_access_key: "first-key", session_token: "first-token" } },
      ["auth.secret_access_key", "auth.session_token"],
    ],
    ["a client's secret, which buys a token", { auth: CLIENT_CREDENTIALS }, ["auth.client_secret"]],
    [
      "secret headers",
      { headers: { "x-api-key": "k", "x-token": "t", "x-plain": "p" } },
      ["headers.x-api-key", "headers.x-token"],
    ],
    [
      "an option of a preset",
      { payload: { mode: "preset", preset: "pagerduty", options: { routing_key: "0123456789abcdef" } } },
      ["payload.options.routing_key"],
    ],
  ])("does not follow the URL to another origin: %s", async (_what, fields, paths) => {
    const made = await createDestination(unchecked(fields));
    const before = await stored(made);
    for (const url of [
      THIEF,
      "https://hooks.example.com:8443/in",
      "https://hooks.example.com.thief.example.net/in",
      "https://HOOKS.example.com:444/in",
    ]) {
      const reply = await patch(made, { url });
      expect(statusOf(reply)).toBe(400);
      expect(faultsOf(reply)).toEqual(paths);
    }
    expect(await stored(made)).toBe(before);
  });

  it("does not follow where what is given along leaves it out or names it as it is shown", async () => {
    const preset = { mode: "preset", preset: "telegram", options: { chat_id: "1" } } as const;
    const bot_token = "123:abcdefghijklmnopqrstuvwxyz";
    const made = await createDestination({
      headers: { "x-api-key": "k" },
      auth: BASIC,
      payload: { ...preset, options: { ...preset.options, bot_token } },
    });
    const kept = {
      headers: { "x-api-key": HIDDEN },
      auth: { type: "basic", username: "other" },
      payload: preset,
    } as const;
    const reply = await patch(made, { url: THIEF, ...kept });
    expect(faultsOf(reply)).toEqual(["auth.password", "headers.x-api-key", "payload.options.bot_token"]);
  });

  it.each([
    ["elsewhere on the same origin", "https://hooks.example.com/other?x=1"],
    ["to the same origin in another spelling", "https://HOOKS.example.com:443/in"],
  ])("goes along %s", async (_where, url) => {
    const made = await createDestination({ auth: BEARER, headers: { "x-api-key": "k" } });
    expect(statusOf(await patch(made, { url }))).toBe(200);
    expect(unwrap(await client.destinations.get(made.id)).auth).toEqual({ type: "bearer" });
  });

  it("goes to another origin where it is given again, the same or a new one", async () => {
    const made = await createDestination({ auth: BASIC, headers: { "x-api-key": "k" } });
    const again = { url: THIEF, auth: BASIC, headers: { "x-api-key": "k" } };
    expect(statusOf(await patch(made, again))).toBe(200);
    const back = { url: "https://hooks.example.com/in", auth: { ...BASIC, password: "second" }, headers: {} };
    expect(statusOf(await patch(made, back))).toBe(200);
  });

  it("can be taken away instead", async () => {
    const made = await createDestination({ auth: BEARER, headers: { "x-api-key": "k" } });
    const reply = await patch(made, { url: THIEF, auth: { type: "none" }, headers: {} });
    expect(statusOf(reply)).toBe(200);
    expect(await stored(made)).not.toContain('"sealed_token"');
  });

  it.each([
    ["client credentials", CLIENT_CREDENTIALS],
    ["an authorization code", { ...BY_CODE, auth_url: AUTH_URL }],
  ])("does not follow the token endpoint to another origin: %s", async (_what, auth) => {
    const made = await createDestination({ auth: unchecked(auth) });
    const { client_secret: _secret, ...rest } = auth;
    const moved = { ...rest, token_url: "https://thief.example.net/token" };
    expect(faultsOf(await patch(made, { auth: unchecked(moved) }))).toEqual(["auth.client_secret"]);
    expect(statusOf(await patch(made, { auth: unchecked({ ...rest, token_url: `${TOKEN_URL}/v2` }) }))).toBe(200);
    expect(statusOf(await patch(made, { auth: unchecked({ ...moved, client_secret: "given-again" }) }))).toBe(200);
  });

  it("does not go to another mailbox or queue within a preset's body either", () => {
    const sealed_options = { routing_key: "sealed" };
    const payload = { mode: "preset", preset: "pagerduty", options: {}, sealed_options } as const;
    const options = { from: "a@example.com", to: "b@example.com", subject: "s" } as const;
    const reach = {
      type: "email",
      url: "",
      options,
      auth: { type: "none" },
      sealed_headers: {},
      payload,
      requests: {},
    } as const;
    const other = { ...reach, options: { ...options, to: "thief@example.net" } };
    expect(secretsNeedingReentry(reach, other, undefined).map(({ path }) => path)).toEqual([
      "payload.options.routing_key",
    ]);
    expect(secretsNeedingReentry(reach, { ...reach, options: { ...options, subject: "t" } }, undefined)).toEqual([]);
  });

  it("is not caught up with by a change of its address that was made at the same time", async () => {
    const made = await createDestination({ auth: BEARER });
    const id = made.id;
    const known = await findDestination(asPrimary(env.DB), id);
    if (known === null) throw new Error("no destination");
    // Another one takes the token away and moves the destination while the first still means to keep it.
    expect(statusOf(await patch(made, { url: THIEF, auth: { type: "none" } }))).toBe(200);
    expect(await updateDestination(asPrimary(env.DB), id, { auth: known.auth }, known, [])).toBeNull();
    expect(await stored(made)).toContain('"auth":{"type":"none"}');
  });

  it("never meets another's address, in whatever order changes are made at once", async () => {
    for (let round = 0; round < 5; round++) {
      const made = await createDestination({ auth: BEARER });
      const replies = await Promise.all([
        patch(made, { auth: { type: "bearer" } }),
        patch(made, { url: THIEF, auth: { type: "none" } }),
        patch(made, { auth: { type: "bearer" }, name: "again" }),
      ]);
      for (const reply of replies) expect([200, 400]).toContain(statusOf(reply));
      expect(await stored(made)).toContain('"auth":{"type":"none"}');
    }
  });
});
