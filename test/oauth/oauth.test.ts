import { asPrimary } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { contextOf } from "../../src/context.ts";
import { enterAttempt, newDelivery } from "../../src/delivery/attempts/transitions.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, unchecked } from "../support/api.ts";
import { attemptWith } from "../support/attempts.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import {
  CLIENT_CREDENTIALS,
  CLIENT_SECRET,
  type Outside,
  attemptTo,
  destinationOf,
  elsewhere,
  oauthDestination,
  oauthOutside,
  tokenRow,
} from "../support/oauth.ts";
import { createWorld } from "../support/world.ts";
import { tables } from "../support/tables.ts";
import { watchedDatabase } from "../support/watched-database.ts";

let outside: Outside;

beforeEach(() => {
  outside = oauthOutside();
});
describe("client credentials", () => {
  it("are exchanged for a token that the destination receives", async () => {
    const attempt = await attemptTo(await oauthDestination());
    expect(attempt).toMatchObject({ status: 200, error: null });
    expect(outside.received).toEqual(["Bearer token-1"]);
    const [call] = outside.tokenCalls;
    expect(call?.form).toEqual({ grant_type: "client_credentials", scope: "hooks:write extra" });
    const [scheme, pair] = (call?.headers.get("authorization") ?? "").split(" ");
    expect(scheme).toBe("Basic");
    expect(atob(pair ?? "")).toBe(`hook+gate:${encodeURIComponent(CLIENT_SECRET).replace("-", "%2D")}`);
    expect(call?.init.redirect).toBe("manual");
  });

  it("go into the form if the destination says so", async () => {
    await attemptTo(await oauthDestination({ ...CLIENT_CREDENTIALS, client_auth: "post", scope: undefined }));
    expect(outside.tokenCalls[0]?.form).toEqual({
      grant_type: "client_credentials",
      client_id: "hook gate",
      client_secret: CLIENT_SECRET,
    });
    expect(outside.tokenCalls[0]?.headers.get("authorization")).toBeNull();
  });

  it("give a token that is sealed at rest and opens for its destination only", async () => {
    const id = await oauthDestination();
    await attemptTo(id);
    const row = await tokenRow(id);
    expect(JSON.stringify(row)).not.toContain("token-1");
    const { keys } = contextOf(env);
    expect((await keys.unseal(String(row?.["sealed"]), id)).ok).toBe(true);
    expect((await keys.unseal(String(row?.["sealed"]), "dst_other")).ok).toBe(false);
  });
});

describe("a token", () => {
  it("is requested once for 50 concurrent attempts", async () => {
    const id = await oauthDestination();
    const world = createWorld();
    await Promise.all(Array.from({ length: 50 }, () => attemptTo(id, world.context)));
    expect(outside.tokenCalls).toHaveLength(1);
    expect(outside.received).toEqual(Array.from({ length: 50 }, () => "Bearer token-1"));
  });

  it("is read once for concurrent attempts of an isolate", async () => {
    const id = await oauthDestination();
    const known = await destinationOf(id);
    const asked: string[] = [];
    const DB = watchedDatabase({
      before: async (sql) => void asked.push(sql.split(" ")[0] ?? ""),
    });
    const { context } = createWorld();
    const asking = { ...context, primary: asPrimary(DB) };
    await Promise.all(Array.from({ length: 50 }, () => attemptTo(id, asking, known)));
    expect(asked).toEqual(["SELECT", "INSERT", "UPDATE"]);
  });

  it("that arrives late leaves the rest of the time-out to the request", async () => {
    const id = await oauthDestination();
    const world = createWorld();
    const asked = vi.spyOn(AbortSignal, "timeout");
    outside.answer = () => {
      world.pass(7_000);
      return Response.json({ access_token: "slow", token_type: "bearer" });
    };
    const { duration_ms } = await attemptTo(id, world.context);
    expect(duration_ms).toBeGreaterThanOrEqual(7_000);
    const [forToken, forRequest] = asked.mock.calls.map(([ms]) => ms);
    expect(forToken).toBeLessThanOrEqual(10_000);
    expect(forRequest).toBeLessThanOrEqual(3_000);
  });

  it("is requested once for several isolates", async () => {
    const id = await oauthDestination();
    const attempts = await Promise.all(Array.from({ length: 8 }, () => attemptTo(id, elsewhere())));
    expect(attempts.map(({ error }) => error)).toEqual(Array.from({ length: 8 }, () => null));
    expect(outside.tokenCalls).toHaveLength(1);
    expect(new Set(outside.received)).toEqual(new Set(["Bearer token-1"]));
  });

  it("is not read again by the isolate that has it", async () => {
    const id = await oauthDestination();
    const world = createWorld();
    await attemptTo(id, world.context);
    const known = await destinationOf(id);
    const DB = new Proxy(env.DB, {
      get: () => () => {
        throw new Error("asked");
      },
    });
    const context = { ...world.context, primary: asPrimary(DB) };
    expect((await attemptTo(id, context, known)).status).toBe(200);
  });

  it.each([
    ["a minute", 3_600, 3_539, 3_541],
    ["a tenth of a short life", 100, 89, 91],
  ])("is replaced %s before it expires", async (_, expires_in, good, late) => {
    outside.members = { expires_in };
    const id = await oauthDestination();
    const world = createWorld();
    await attemptTo(id, world.context);
    world.pass((good - 1) * 1_000);
    await attemptTo(id, world.context);
    expect(outside.received.at(-1)).toBe("Bearer token-1");
    world.pass((late - good + 1) * 1_000);
    await attemptTo(id, world.context);
    expect(outside.received.at(-1)).toBe("Bearer token-2");
    expect(outside.tokenCalls).toHaveLength(2);
  });

  it("without a lifetime is used until it is refused", async () => {
    outside.members = {};
    const id = await oauthDestination();
    const world = createWorld();
    await attemptTo(id, world.context);
    world.pass(10 * 365 * 86_400_000);
    await attemptTo(id, world.context);
    expect(outside.tokenCalls).toHaveLength(1);
    outside.accepted = new Set(["token-2"]);
    expect((await attemptTo(id, world.context)).status).toBe(200);
    expect(outside.tokenCalls).toHaveLength(2);
  });

  it.each([
    ["a type in capitals", { token_type: "BEARER" }],
    ["no type", { token_type: undefined }],
    ["nulls", { expires_in: null, refresh_token: null, scope: null }],
    ["a life as text", { expires_in: "3600" }],
    ["an endless life", { expires_in: 1e300 }],
    ["scopes as a list", { scope: ["a", "b"] }],
    ["an identity token that cannot be checked", { id_token: "x.y.z" }],
  ])("is accepted from a server that responds with %s", async (_, members) => {
    outside.members = members;
    const id = await oauthDestination();
    expect((await attemptTo(id)).status).toBe(200);
    expect(unwrap(await client.destinations.get(id)).auth).toMatchObject({ connected: true });
  });
});

describe("a token that the destination refuses", () => {
  it("is replaced, and the request is sent again within the attempt", async () => {
    outside.accepted = new Set(["token-2"]);
    const attempt = await attemptTo(await oauthDestination());
    expect(attempt).toMatchObject({ status: 200, error: null });
    expect(outside.received).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(outside.tokenCalls).toHaveLength(2);
  });

  it("is replaced only once in an attempt", async () => {
    outside.accepted = new Set();
    const attempt = await attemptTo(await oauthDestination());
    expect(attempt).toMatchObject({ status: 401, error: "The destination responded with status 401." });
    expect(outside.received).toHaveLength(2);
    expect(outside.tokenCalls).toHaveLength(2);
  });

  it("is replaced once for all attempts that it was refused to", async () => {
    const id = await oauthDestination();
    const contexts = [createWorld().context, elsewhere(), elsewhere()];
    for (const each of contexts) await attemptTo(id, each);
    outside.accepted = new Set(["token-2"]);
    const attempts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => attemptTo(id, contexts[index % 3] ?? contexts[0])),
    );
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([200]));
    expect(outside.tokenCalls).toHaveLength(2);
  });

  it("leaves the 401 if there is no other token", async () => {
    const id = await oauthDestination();
    const world = createWorld();
    await attemptTo(id, world.context);
    outside.accepted = new Set();
    outside.answer = () => new Response("down", { status: 503 });
    expect(await attemptTo(id, world.context)).toMatchObject({
      status: 401,
      response_body: "who are you?",
      error:
        "The destination answered 401, and the access token could not be renewed. The token endpoint responded with 503.",
    });
    expect(outside.received).toHaveLength(2);
  });

  it.each([{ type: "basic", username: "u", password: "p" }, { type: "bearer", token: "t" }, { type: "none" }])(
    "is not replaced for other kinds of auth: $type",
    async (auth) => {
      outside.accepted = new Set();
      expect((await attemptTo(await oauthDestination(auth))).status).toBe(401);
      expect(outside.received).toHaveLength(1);
      expect(outside.tokenCalls).toHaveLength(0);
    },
  );
});

describe("a lease", () => {
  it("of a dead isolate expires", async () => {
    const id = await oauthDestination();
    const until = Date.now() + 25_000;
    await tables.oauth_tokens.insert({ destination_id: id, leased_until: until });
    const world = createWorld();
    world.pass(25_001);
    expect((await attemptTo(id, world.context)).status).toBe(200);
    expect(outside.tokenCalls).toHaveLength(1);
  });

  it("that is still held ends the attempt in time, without a request", async () => {
    const id = await oauthDestination();
    await tables.oauth_tokens.insert({ destination_id: id, leased_until: Date.now() + 3_600_000 });
    const { context } = createWorld();
    let now = Date.now();
    const hurried = { ...context, clock: () => (now += 3_000) };
    expect((await attemptTo(id, hurried)).error).toBe(
      "Another attempt is renewing the access token and did not finish in time.",
    );
    expect(outside.tokenCalls).toHaveLength(0);
    expect(outside.received).toHaveLength(0);
  });
});

describe("a lease that another attempt holds", () => {
  it("is waited for with few queries, and uses no attempt and no health up", async () => {
    const pauses = vi.spyOn(scheduler, "wait").mockResolvedValue();
    const id = await oauthDestination();
    await tables.oauth_tokens.insert({ destination_id: id, leased_until: Date.now() + 3_600_000 });
    const meter = emptyMeter();
    const context = { ...elsewhere(), primary: asPrimary(meteredDatabase(meter)) };
    const destination = await destinationOf(id);
    const { attempt, decision, effects } = await attemptWith(destination, { context });
    expect(meter.calls).toBeLessThan(10);
    expect(pauses.mock.calls.map(([ms]) => ms)).toEqual([200, 400, 800, 1_600, 2_000]);
    expect({ decision, effects }).toEqual({ decision: { kind: "wait", delay_seconds: 5 }, effects: [] });
    const delivery = newDelivery("evt_1", { destination_id: id, route_id: "rte_1" }, attempt.at);
    const after = enterAttempt(delivery, attempt, decision, "2026-11-01T00:00:00.000Z");
    expect(after).toEqual({ ...delivery, next_attempt_at: "2026-11-01T00:00:05.000Z" });
    expect(outside.received).toHaveLength(0);
  });
});

describe("a change of the destination", () => {
  it("is not undone by an isolate with the old settings", async () => {
    const id = await oauthDestination();
    const old = await destinationOf(id);
    await attemptTo(id);
    await client.destinations.update(id, { auth: unchecked({ ...CLIENT_CREDENTIALS, scope: "other" }) });
    expect(await tokenRow(id)).toBeNull();
    const late = await attemptTo(id, elsewhere(), old);
    expect(late.error).toBe("The destination was changed in the meantime.");
    expect(await tokenRow(id)).toBeNull();
    expect(outside.tokenCalls).toHaveLength(1);
    expect((await attemptTo(id)).status).toBe(200);
    expect(outside.tokenCalls.at(-1)?.form["scope"]).toBe("other");
  });

  it("during a token request keeps the old settings' token out of the database", async () => {
    const id = await oauthDestination();
    outside.answer = async () => {
      await client.destinations.update(id, {
        url: "https://elsewhere.example.com/",
        auth: unchecked(CLIENT_CREDENTIALS),
      });
      return Response.json({ access_token: "stale", token_type: "bearer", expires_in: 3600 });
    };
    await attemptTo(id);
    expect(await tokenRow(id)).toBeNull();
  });
});
