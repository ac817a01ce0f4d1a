import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { Destination } from "../../../src/model/destination.ts";
import { ringOf } from "../../support/key-ring.ts";
import { attemptWith } from "../../support/attempts.ts";
import { type Fault, faultyDatabase } from "../../support/faulty-database.ts";
import { destinationWith } from "../../support/configuration.ts";
import { DESTINATION_SECRET, createWorld, fakeOutside, insertDestination } from "../../support/world.ts";

const ID = "dst_0000000000000000000000000001";
const OLD_SECRET = `whsec_${new Uint8Array(32).fill(1).toBase64()}`;
const BODY = '{"type":"alert.created","text":"grüße"}';

async function sealedFor(secret: string, expires_at: string | null = null) {
  return { sealed: await contextOf(env).keys.seal(secret, ID), expires_at };
}

async function receiver(changes: Partial<Destination> = {}): Promise<Destination> {
  return destinationWith({ id: ID, signing_secrets: [await sealedFor(DESTINATION_SECRET)], ...changes });
}

function attempt(destination: Destination, number = 1, world = createWorld()) {
  return attemptWith(destination, { context: world.context, number, text: BODY });
}

describe("an attempt", () => {
  it("is a signed request that the receiver can verify", async () => {
    const seen = fakeOutside();
    const { attempt: made, decision } = await attempt(await receiver());
    expect(decision).toEqual({ kind: "delivered" });
    expect(made).toMatchObject({ number: 1, status: 200, response_body: "ok", error: null });
    expect(made.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(seen).toHaveLength(1);
    const { headers, body, url } = seen[0] ?? { headers: new Headers(), body: "", url: "" };
    expect(url).toBe("https://receiver.example.com/");
    expect(body).toBe(BODY);
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("user-agent")).toMatch(/^Hookgate\/\d+\.\d+\.\d+$/);
    expect(headers.get("webhook-id")).toBe("dlv_1");
    new Webhook(DESTINATION_SECRET).verify(body, Object.fromEntries(headers));
  });

  it("carries its own time, even days after the first attempt", async () => {
    const seen = fakeOutside();
    const world = createWorld();
    world.pass(200_000_000);
    await attempt(await receiver(), 7, world);
    const sent = Number(seen[0]?.headers.get("webhook-timestamp"));
    expect(Math.abs(sent * 1_000 - world.context.clock())).toBeLessThan(60_000);
  });

  it("carries the destination's own headers, which win over the usual ones but not over the signature", async () => {
    const seen = fakeOutside();
    const headers = {
      "user-agent": "mine",
      "content-type": "application/x-mine",
      "x-key": "1",
      "webhook-id": "forged",
      "webhook-signature": "v1,forged",
    };
    await attempt(await receiver({ headers }));
    const sent = seen[0]?.headers;
    expect(sent?.get("user-agent")).toBe("mine");
    expect(sent?.get("content-type")).toBe("application/x-mine");
    expect(sent?.get("x-key")).toBe("1");
    expect(sent?.get("webhook-id")).toBe("dlv_1");
    expect(sent?.get("webhook-signature")).not.toContain("forged");
  });

  it("is signed with the old secret too until that expires", async () => {
    const seen = fakeOutside();
    const world = createWorld();
    const soon = new Date(world.context.clock() + 60_000).toISOString();
    const destination = await receiver({
      signing_secrets: [await sealedFor(DESTINATION_SECRET), await sealedFor(OLD_SECRET, soon)],
    });
    await attempt(destination, 1, world);
    const [first] = seen;
    new Webhook(OLD_SECRET).verify(BODY, Object.fromEntries(first?.headers ?? []));
    new Webhook(DESTINATION_SECRET).verify(BODY, Object.fromEntries(first?.headers ?? []));
    world.pass(60_000);
    await attempt(destination, 2, world);
    expect(seen[1]?.headers.get("webhook-signature")).toMatch(/^v1,\S+$/);
  });

  it("is not sent to a refused address, and says so", async () => {
    const seen = fakeOutside();
    const { attempt: made, decision } = await attempt(
      await receiver({ url: "http://169.254.169.254/latest/meta-data" }),
    );
    expect(seen).toEqual([]);
    expect(made).toMatchObject({ status: null, response_body: null, duration_ms: 0 });
    expect(made.error).toContain("address is not allowed");
    expect(decision).toEqual({ kind: "retry", delay_seconds: 1 });
  });

  it("is not sent unsigned if the secret cannot be opened", async () => {
    const seen = fakeOutside();
    const otherRow = await contextOf(env).keys.seal(DESTINATION_SECRET, "dst_0000000000000000000000000002");
    for (const sealed of [otherRow, "broken", ""]) {
      const { attempt: made, decision } = await attempt(
        await receiver({ signing_secrets: [{ sealed, expires_at: null }] }),
      );
      expect(made.error).toContain("secret cannot be opened");
      expect(decision.kind).toBe("retry");
    }
    await attempt(await receiver({ signing_secrets: [] }));
    expect(seen).toEqual([]);
  });

  it("is not made if a secret was sealed with a key that the gateway does not have", async () => {
    const seen = fakeOutside();
    const foreign = await ringOf(9).seal(DESTINATION_SECRET, ID);
    const destination = await receiver({ signing_secrets: [{ sealed: foreign, expires_at: null }] });
    await expect(attempt(destination)).rejects.toThrow("keys_unavailable");
    expect(seen).toEqual([]);
    expect(createWorld().context.caches.health.isHealthy(ID)).toBe(true);
  });

  it("uses the destination's own schedule if it has one", async () => {
    fakeOutside(() => new Response("", { status: 500 }));
    const destination = await receiver({ retry_schedule: [40] });
    expect((await attempt(destination, 1)).decision).toEqual({ kind: "retry", delay_seconds: 40 });
    expect((await attempt(destination, 2)).decision).toEqual({ kind: "dead", reason: "attempts_exhausted" });
  });

  it("marks the destination as unhealthy when it fails, and as healthy when it succeeds", async () => {
    let status = 500;
    fakeOutside(() => new Response("", { status }));
    const { health } = createWorld().context.caches;
    await attempt(await receiver());
    expect(health.isHealthy(ID)).toBe(false);
    status = 200;
    await attempt(await receiver());
    expect(health.isHealthy(ID)).toBe(true);
  });
});

describe("a 410", () => {
  it("disables the destination with the reason", async () => {
    await insertDestination(ID);
    const world = createWorld();
    const before = await world.context.caches.config.load();
    expect(before.destinations.get(ID)).toMatchObject({ enabled: true });
    fakeOutside(() => new Response("", { status: 410 }));
    expect((await attempt(await receiver(), 1, world)).decision).toEqual({ kind: "dead", reason: "gone" });
    const after = await world.context.caches.config.load();
    expect(after.destinations.get(ID)).toMatchObject({ enabled: false, disabled_reason: "gone" });
    expect(after.revision).toBeGreaterThan(before.revision);
  });

  it("is a dead delivery even if the database cannot be written", async () => {
    fakeOutside(() => new Response("", { status: 410 }));
    let fault: Fault = "none";
    const world = createWorld({ DB: faultyDatabase(() => fault) });
    const destination = await receiver();
    fault = "before";
    expect((await attempt(destination, 1, world)).decision).toEqual({ kind: "dead", reason: "gone" });
  });
});
