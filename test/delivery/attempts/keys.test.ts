import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { contextOf, forgetContext } from "../../../src/context.ts";
import { testDestination, testEvent } from "../../../src/delivery/attempts/test-delivery.ts";
import { KeysUnavailableError } from "../../../src/crypto/keys-unavailable.ts";
import { consumeQueued, onlyDelivery } from "../../support/deliveries.ts";
import { ringOf } from "../../support/key-ring.ts";
import { tables } from "../../support/tables.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";

const ID = "dst_0000000000000000000000000001";
const MINUTE_MS = 60_000;
const WAITING = { status: "pending", reason: "gateway_keys_unavailable", attempts: [] };

beforeEach(() => insertRouted(ID));

/** Ways in which the keys of a gateway do not open what a destination needs, each with its own place in the request. */
const PLACES = [
  ["signing secret", (sealed: string) => ({ signing_secrets: [{ sealed, expires_at: null }] })],
  ["header", (sealed: string) => ({ sealed_headers: { "x-key": sealed } })],
  ["password", (sealed: string) => ({ auth: { type: "basic", username: "me", sealed_password: sealed } })],
  ["bearer token", (sealed: string) => ({ auth: { type: "bearer", sealed_token: sealed } })],
  [
    "client secret",
    (sealed: string) => ({
      auth: {
        type: "oauth2_client_credentials",
        token_url: "https://id.example.com/token",
        client_id: "c",
        scope: null,
        sealed_client_secret: sealed,
      },
    }),
  ],
  [
    "option of a preset",
    (sealed: string) => ({
      payload: { mode: "preset", preset: "pagerduty", options: {}, sealed_options: { routing_key: sealed } },
    }),
  ],
] as const;

it.each(PLACES)(
  "a %s under a key that is not on record defers deliveries, without an attempt",
  async (_place, columns) => {
    const stored = await tables.destinations.first({ id: ID });
    await tables.destinations.update({ id: ID }, columns(await ringOf(9).seal("s3cret", ID)));
    const world = createWorld();
    const seen = fakeOutside();
    await processBatch(world.context, [eventMessage("create", "disk")]);
    expect(await onlyDelivery()).toMatchObject(WAITING);
    for (let round = 0; round < 5; round++) {
      world.pass(MINUTE_MS);
      expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
      expect(await onlyDelivery()).toMatchObject(WAITING);
    }
    expect(seen).toEqual([]);
    expect(await tables.destination_health.count()).toBe(0);
    expect(world.context.caches.health.isHealthy(ID)).toBe(true);
    const { destinations } = await world.context.caches.config.load();
    const destination = destinations.get(ID);
    if (destination === undefined) throw new Error("no destination");
    const event = testEvent("evt_1", "2026-11-01T00:00:00.000Z", null);
    await expect(testDestination(world.context, destination, event, "evt_2")).rejects.toThrow(KeysUnavailableError);

    if (stored !== null) await tables.destinations.update({ id: ID }, stored);
    world.context.caches.config.forget();
    world.pass(MINUTE_MS);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect(await onlyDelivery()).toMatchObject({ status: "delivered", attempts: [{ number: 1, status: 200 }] });
    expect(seen).toHaveLength(1);
  },
);

it("deliveries wait while all keys are under another master key, and are made once it is set again", async () => {
  await tables.destinations.update({ id: ID }, { signing: { scheme: "standard-webhooks-ed25519" } });
  await contextOf(env).keys.gatewayId();
  forgetContext();
  const world = createWorld({ MASTER_KEY: new Uint8Array(32).fill(9).toBase64() });
  const seen = fakeOutside();
  await processBatch(world.context, [eventMessage("create", "disk")]);
  expect(await onlyDelivery()).toMatchObject(WAITING);
  expect(seen).toEqual([]);
  forgetContext();
  const mended = createWorld();
  mended.queued.push(...world.queued);
  mended.pass(MINUTE_MS);
  await consumeQueued(mended);
  expect(await onlyDelivery()).toMatchObject({ status: "delivered", attempts: [{ number: 1, status: 200 }] });
});
