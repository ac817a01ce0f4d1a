import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../../src/app.ts";
import { createAddressList } from "../../src/config-cache/addresses.ts";
import { createRevisionCheck } from "../../src/config-cache/revision.ts";
import { contextOf, forgetContext } from "../../src/context.ts";
import { generateToken, hasChecksum, tokenHasChecksum, withChecksum } from "../../src/crypto/checksums.ts";
import { generateSecret } from "../../src/crypto/key-ring.ts";
import { createIdMinter } from "../../src/model/ids.ts";
import { asPrimary } from "../../src/platform/shards.ts";
import { changeConfig } from "../../src/storage/config/revision.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, createIntegration } from "../support/api.ts";
import { bindingsWith, fakeDatabase, fakeQueue } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { ringOf } from "../support/key-ring.ts";
import { type Meter, emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { tables } from "../support/tables.ts";

const MADE_UP = 1_000;
const BODY = JSON.stringify({ event_type: "create", Id: "disk", Title: "Disk full" });
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

const mint = createIdMinter(
  () => Date.now(),
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

function randomLetters(count: number): string {
  return [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => LETTERS.charAt(byte % 32)).join("");
}

/** What a stranger who has read the code makes up: a good form and a good time, and no checksum that he could know. */
const madeUpAddresses = [
  () => mint("int").id,
  () => mint("int").id + randomLetters(8),
  () => `int_${randomLetters(24)}`,
  () => `int_${randomLetters(36)}`,
];

let meter: Meter;
let bindings: Env;

beforeEach(() => {
  meter = emptyMeter();
  bindings = bindingsWith({ EVENTS: fakeQueue().queue, DB: meteredDatabase(meter) });
});

async function statusAt(address: unknown): Promise<number> {
  const init = { method: "POST", body: BODY };
  return (await app.request(`https://gate.example.net/integration/${String(address)}`, init, bindings)).status;
}

async function statusWith(token: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${String(token)}` };
  return (await app.request("https://gate.example.net/api/v1/integrations", { headers }, bindings)).status;
}

describe("strangers cost nothing", () => {
  it("made-up addresses are refused without the database, once an isolate has started", async () => {
    const { id } = await createIntegration();
    await insertIntegrationRow({ id: "int_old" });
    forgetContext();
    for (const address of [id, "int_old"]) expect(await statusAt(address)).toBe(200);
    for (const makeUp of madeUpAddresses) expect(await statusAt(makeUp())).toBe(404);
    const before = meter.calls;
    for (let n = 0; n < MADE_UP; n++) {
      expect(await statusAt(madeUpAddresses[n % madeUpAddresses.length]?.())).toBe(404);
    }
    expect(meter.calls - before).toBe(0);
    expect(await statusAt("int_old")).toBe(200);
  });

  it("made-up tokens are refused without the database, once an isolate has started", async () => {
    const { token } = unwrap(await client.tokens.create({ name: "ci", scopes: ["read"] }));
    forgetContext();
    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(generateSecret("hgt_"))).toBe(401);
    const before = meter.calls;
    for (let n = 0; n < MADE_UP; n++) expect(await statusWith(generateSecret("hgt_"))).toBe(401);
    expect(meter.calls - before).toBe(0);
    expect(await statusWith(token)).toBe(200);
  });

  it("made-up states of an authorization are refused without the database an hour after the upgrade", async () => {
    const { keys } = contextOf(bindings);
    await keys.gatewayId();
    await tables.keys.update({ purpose: "address" }, { created_at: "2026-01-01T00:00:00.000Z" });
    forgetContext();
    const callback = async () => {
      const state = generateSecret("").replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
      return (await app.request(`https://gate.example.net/oauth/callback?state=${state}&code=c`, {}, bindings)).status;
    };
    const usual = await callback();
    const before = meter.calls;
    for (let n = 0; n < 50; n++) expect(await callback()).toBe(usual);
    expect(meter.calls - before).toBe(0);
  });
});

describe("what was made before there were checksums", () => {
  it("goes on working: addresses, those of rotated URLs, and tokens", async () => {
    await insertIntegrationRow({ id: mint("int").id });
    const [old] = await tables.integrations.all<{ id: string }>();
    const earlier = mint("int").id;
    await tables.integration_addresses.insert({
      address: earlier,
      integration_id: String(old?.id),
      expires_at: "2100-01-01",
    });
    await tables.integration_addresses.insert({
      address: String(old?.id),
      integration_id: String(old?.id),
      expires_at: null,
    });
    const token = generateSecret("hgt_");
    const token_hash = await contextOf(env).keys.hashToken(token);
    await tables.tokens.insert({ id: "tok_1", name: "ci", scopes: ["read"], token_hash });
    forgetContext();
    expect(await statusAt(old?.id)).toBe(200);
    expect(await statusAt(earlier)).toBe(200);
    expect(await statusWith(token)).toBe(200);
  });

  it("is found when the release before makes it beside this one", async () => {
    let now = Date.now();
    const db = asPrimary(env.DB);
    const clock = () => now;
    const list = createAddressList(db, ringOf(7), createRevisionCheck(db, clock), clock);
    expect(await list.mayExist("int_new")).toBe(false);
    await tables.integrations.insert({ id: "int_new" });
    await changeConfig(db, []);
    now += 5_000;
    expect(await list.mayExist("int_new")).toBe(true);
  });

  it("is found although a key that made its checksum is gone", async () => {
    const { id } = await createIntegration();
    await tables.keys.update({ purpose: "address" }, { purpose: "lost-address" });
    forgetContext();
    const now = Date.now();
    await contextOf(env).keys.gatewayId();
    await tables.keys.update({ purpose: "address" }, { created_at: new Date(now + 60_000).toISOString() });
    forgetContext();
    expect(await hasChecksum(contextOf(bindings).keys, id)).toBe(false);
    expect(await statusAt(id)).toBe(200);
  });

  it("is looked up, as before, while the list cannot be read or is too long", async () => {
    const fake = fakeDatabase();
    const db = asPrimary(fake.db);
    const list = createAddressList(db, ringOf(7), createRevisionCheck(db, Date.now), Date.now);
    fake.behaviour = "throws";
    expect(await list.mayExist("int_old")).toBe(true);
    fake.behaviour = "takes";
    expect(await list.mayExist("int_old")).toBe(false);
    const rows = Array.from({ length: 5_001 }, (_, n) => ({ id: `int_${n}` }));
    await tables.integrations.insert(...rows);
    list.forget();
    expect(await list.mayExist("int_old")).toBe(true);
  });
});

describe("a checksum", () => {
  it("is at the end of new addresses and tokens", async () => {
    const { id, url } = await createIntegration();
    const { keys } = contextOf(env);
    expect(await hasChecksum(keys, id)).toBe(true);
    expect(url).toContain(id);
    const rotated = unwrap(await client.integrations.rotateUrl(id));
    expect(await hasChecksum(keys, rotated.url.split("/").at(-1) ?? "")).toBe(true);
    const { token } = unwrap(await client.tokens.create({ name: "ci", scopes: ["read"] }));
    expect(await tokenHasChecksum(keys, token)).toBe(true);
  });

  it("is that of one gateway, and does not pass once any letter is changed", async () => {
    const ring = ringOf(7);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(31), async (place, letter) => {
        const address = await withChecksum(ring, mint("int").id);
        expect(await hasChecksum(ring, address)).toBe(true);
        const index = 4 + (place % (address.length - 4));
        const changed = address.slice(0, index) + LETTERS.charAt(letter) + address.slice(index + 1);
        expect(await hasChecksum(ring, changed)).toBe(changed === address);
      }),
      { numRuns: 100 },
    );
    expect(await hasChecksum(ringOf(8), await withChecksum(ring, mint("int").id))).toBe(false);
    expect(await tokenHasChecksum(ringOf(8), await generateToken(ring))).toBe(false);
  });

  it("leaves addresses in the order of time", async () => {
    const ring = ringOf(7);
    const made: string[] = [];
    for (let n = 0; n < 50; n++) made.push(await withChecksum(ring, mint("int").id));
    expect(made.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(made);
  });
});
