import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import { createRejections } from "../../src/ingest/rejections.ts";
import { writeRejections } from "../../src/ingest/write-rejections.ts";
import type { RejectionMinute } from "../../src/model/rejection.ts";
import { findIntegration } from "../../src/storage/config/integrations.ts";
import { client, createIntegration, statusOf, unchecked } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { maintain } from "../support/maintenance.ts";
import { tables } from "../support/tables.ts";

const MINUTE = 60_000;
const EXAMPLE = { method: "POST", content_type: null, user_agent: null, size: null };

let bindings = bindingsWith({});

beforeEach(() => {
  bindings = bindingsWith({ EVENTS: fakeQueue().queue });
});

async function post(id: string, init: RequestInit = {}): Promise<number> {
  const response = await app.request(
    `https://gate.example.net/integration/${id}`,
    { method: "POST", ...init },
    bindings,
  );
  await response.text();
  return response.status;
}

async function written(count = 1): Promise<void> {
  await vi.waitFor(async () => expect(await tables.rejections.count()).toBe(count));
}

async function rejectionsOf(id: string) {
  return unwrap(await client.integrations.rejections.list(id)).data;
}

describe("a refused request", () => {
  it("is on record with an example that has neither its body nor its credentials", async () => {
    const { id } = await createIntegration({ auth: { type: "bearer", token: "t0ken-of-mine" } });
    const before = Date.now();
    const headers = {
      authorization: "Bearer s3cr3t-of-yours",
      "content-type": "application/json",
      "user-agent": "Monitor/1",
      "content-length": "12",
    };
    expect(await post(id, { headers, body: '{"a":"s3cr"}' })).toBe(401);
    await written();
    const [row, ...others] = await rejectionsOf(id);
    expect(others).toEqual([]);
    expect(row).toEqual({
      at: expect.any(String),
      status: 401,
      code: "bad_credentials",
      count: 1,
      example: { method: "POST", content_type: "application/json", user_agent: "Monitor/1", size: 12 },
    });
    expect(Date.parse(row?.at ?? "")).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify(await tables.rejections.all())).not.toContain("s3cr");
    expect(unwrap(await client.integrations.get(id)).last_rejection).toEqual({
      at: row?.at,
      status: 401,
      code: "bad_credentials",
    });
  });

  it.each([
    [{ allowed_ips: ["192.0.2.1"] }, {}, 403, "address_not_allowed"],
    [{ auth: { type: "token" } }, {}, 403, "bad_token"],
    [{}, { body: "{" }, 400, "invalid_request"],
    [{}, { method: "DELETE" }, 405, "method_not_allowed"],
    [{}, { headers: { "content-length": "999999999" }, body: "{}" }, 413, "body_too_large"],
    [{ enabled: false }, {}, 410, "disabled_integration"],
  ])("is counted by its status and code (%j)", async (fields, init, status, code) => {
    const { id } = await createIntegration(unchecked(fields));
    expect(await post(id, init)).toBe(status);
    await written();
    expect(await rejectionsOf(id)).toMatchObject([{ status, code, count: 1 }]);
  });

  it("writes no row for an address that does not exist", async () => {
    await createIntegration();
    expect(await post("int_0123456789abcdefghjkmnpq")).toBe(404);
    expect(await post("int_x")).toBe(404);
    await scheduler.wait(50);
    expect(await tables.rejections.count()).toBe(0);
  });

  it("is answered as usual while the record cannot be written", async () => {
    const { id } = await createIntegration({ auth: { type: "token" } });
    expect(await post(id)).toBe(403);
    await written();
    contextOf(bindings).caches.rejections.clear();
    await tables.rejections.whileAway(async () => {
      expect(await post(id)).toBe(403);
      await scheduler.wait(50);
    });
    expect(await rejectionsOf(id)).toMatchObject([{ count: 1 }]);
  });

  it("in a flood writes at once, and then nothing for half a minute", async () => {
    const { id } = await createIntegration({ auth: { type: "token" } });
    for (let n = 0; n < 200; n++) {
      await post(id, { headers: { "user-agent": `${n}`.repeat(3_000), "content-type": "x".repeat(3_000) } });
    }
    await written();
    expect(await rejectionsOf(id)).toMatchObject([{ count: 1 }]);
    const row = await tables.rejections.first<{ counts: string }>();
    expect(row?.counts.length).toBeLessThan(600);
  });
});

describe("the counters of an isolate", () => {
  const refused = (code = "bad_token") => ({ status: 403, code, example: EXAMPLE });

  it("are due at once, and then 30 seconds after they were written, for which few requests wait", () => {
    const rejections = createRejections();
    expect(rejections.count("int_1", refused(), 0)).toBe(0);
    expect(rejections.take("int_1", 0, false)).toMatchObject([{ minute: 0, counts: [{ count: 1 }] }]);
    const waits = Array.from({ length: 29_000 }, (_, ms) => rejections.count("int_1", refused(), ms + 1));
    expect(waits.filter((wait) => wait !== null)).toEqual([29_999, 24_999, 19_999, 14_999, 9_999, 4_999]);
    expect(rejections.take("int_1", 30_000, true)).toMatchObject([{ minute: 0, counts: [{ count: 29_000 }] }]);
    rejections.count("int_1", refused(), 30_001);
    expect(rejections.take("int_1", 30_002, true)).toEqual([]);
    expect(rejections.count("int_1", refused(), 60_000)).toBe(0);
  });

  it("keep a bounded number of integrations and minutes, whatever is refused", () => {
    const rejections = createRejections();
    for (let n = 0; n < 5_000; n++) rejections.count(`int_${n}`, refused(), 0);
    expect(rejections.take("int_0", 0, false)).toEqual([]);
    expect(rejections.take("int_4999", 0, false)).toHaveLength(1);
    for (let minute = 0; minute < 100; minute++) rejections.count("int_1", refused(), minute * MINUTE);
    expect(rejections.take("int_1", 100 * MINUTE, false).map(({ minute }) => minute)).toEqual([97, 98, 99]);
  });
});

describe("the record of an integration", () => {
  const counts = (minute: number, code: string, count: number, second = 0): RejectionMinute => ({
    minute,
    counts: [{ status: 400, code, count, at: minute * MINUTE + second * 1_000, example: { ...EXAMPLE, size: second } }],
  });

  async function write(id: string, ...minutes: readonly RejectionMinute[]): Promise<void> {
    const context = contextOf(env);
    const integration = await findIntegration(context.primary, id);
    if (integration === null) throw new Error("not there");
    await writeRejections(context, integration, minutes);
  }

  it("adds the counts of several isolates up, with the latest example", async () => {
    const { id } = await createIntegration();
    await Promise.all([
      write(id, counts(1, "invalid_request", 3, 7)),
      write(id, counts(1, "invalid_request", 5, 9), counts(2, "own_delivery", 1)),
      write(id, counts(1, "invalid_request", 1, 8), counts(1, "body_too_large", 2, 1)),
    ]);
    expect(await tables.rejections.count()).toBe(2);
    expect(await rejectionsOf(id)).toMatchObject([
      { code: "own_delivery", count: 1 },
      { code: "invalid_request", count: 9, example: { size: 9 }, at: "1970-01-01T00:01:09.000Z" },
      { code: "body_too_large", count: 2 },
    ]);
  });

  it("is listed in pages, each row once", async () => {
    const { id } = await createIntegration();
    const codes = ["a", "b", "c"];
    for (let minute = 0; minute < 7; minute++) await write(id, ...codes.map((code) => counts(minute, code, 1)));
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = unwrap(
        await client.integrations.rejections.list(id, { limit: 4, ...(cursor === undefined ? {} : { cursor }) }),
      );
      seen.push(...page.data.map(({ at, code }) => `${at} ${code}`));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(21);
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
    expect(statusOf(await client.integrations.rejections.list(id, { cursor: "x" }))).toBe(400);
    expect(statusOf(await client.integrations.rejections.list("int_0"))).toBe(404);
  });

  it("ends with the retention, or with its integration", async () => {
    const kept = await createIntegration();
    const deleted = await createIntegration();
    const minute = Math.floor(Date.now() / MINUTE);
    await write(kept.id, counts(minute - 40 * 1_440, "old", 1), counts(minute, "new", 1));
    await write(deleted.id, counts(minute, "new", 1));
    unwrap(await client.integrations.delete(deleted.id));
    await maintain(contextOf(env), "* * * * *", Date.now());
    expect(await tables.rejections.all()).toMatchObject([{ integration_id: kept.id, minute }]);
    expect(unwrap(await client.integrations.list()).data).toMatchObject([{ last_rejection: { code: "new" } }]);
  });

  it("is not begun for an integration that is gone", async () => {
    const { id } = await createIntegration();
    const context = contextOf(env);
    const integration = await findIntegration(context.primary, id);
    unwrap(await client.integrations.delete(id));
    if (integration !== null) await writeRejections(context, integration, [counts(1, "late", 1)]);
    expect(await tables.rejections.count()).toBe(0);
  });
});
