import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { app } from "../../src/app.ts";
import { contextOf, forgetContext } from "../../src/context.ts";
import type { Env } from "../../src/platform/bindings.ts";
import { maintain } from "../support/maintenance.ts";
import { dropTables } from "../support/schema.ts";

const EVERY_MINUTE = "* * * * *";
const MINUTE = 60_000;

const problem = z.object({
  status: z.literal(503),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});

/** Bindings that no isolate has seen yet: results are kept for each. */
function bindingsWith(changes: Readonly<Record<string, unknown>> = {}): Env {
  forgetContext();
  return { ...env, ...changes };
}

async function get(path: string, bindings: Env, headers: Record<string, string> = {}) {
  const response = await app.request(`https://gate.example.net${path}`, { headers }, bindings);
  return { status: response.status, headers: response.headers, json: z.unknown().parse(await response.json()) };
}

/** The paths that /ready finds wrong, with what it says of each. */
async function faults(bindings: Env): Promise<[string, string][]> {
  const { status, headers, json } = await get("/ready", bindings);
  expect(status).toBe(503);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(headers.get("retry-after")).toBe("60");
  return (problem.parse(json).errors ?? []).map(({ path, message }) => [path, message]);
}

async function runMaintenance(minutesAgo = 0): Promise<void> {
  await maintain(contextOf(env), EVERY_MINUTE, Date.now() - minutesAgo * MINUTE);
}

const api = { authorization: `Bearer ${env.ADMIN_TOKEN}` };

describe("GET /ready", () => {
  it("is 200 while nothing is missing and maintenance has run lately, and needs no token", async () => {
    await runMaintenance(9);
    const { status, json } = await get("/ready", bindingsWith());
    expect({ status, json }).toEqual({ status: 200, json: { status: "ready" } });
  });

  it.each([
    ["ADMIN_TOKEN", "short", "npx wrangler secret put ADMIN_TOKEN"],
    ["ADMIN_TOKEN", undefined, "npm run deploy"],
    ["MASTER_KEY", "hello", "npx wrangler secret put MASTER_KEY"],
    ["RETRY_SCHEDULE", "soon", "wrangler.toml"],
    ["EVENTS", undefined, "npm run deploy"],
    ["BODIES", undefined, "wrangler.toml"],
    ["DB", undefined, "wrangler.toml"],
    ["DB_1", env.DB, "wrangler.toml"],
  ])("names %s where it is %j, and what to run", async (name, value, command) => {
    await runMaintenance();
    const bindings = bindingsWith({ [name]: value });
    const found = await faults(bindings);
    const names = name === "DB_1" ? ["EVENTS_1", "DELIVERIES_1", "DEAD_LETTERS_1"] : [name];
    expect(found.map(([path]) => path)).toEqual(names);
    for (const [, message] of found) expect(message).toContain(command);
    expect(JSON.stringify(found)).not.toContain("hello");
    expect(await get("/health", bindings)).toMatchObject({ status: 200, json: { status: "ok" } });
    for (const path of ["/api/v1/integrations", "/integration/int_open"]) {
      if (name === "DB_1" || !["EVENTS", "BODIES"].includes(name)) {
        const reply = await get(path, bindings, api);
        expect(problem.parse(reply.json).detail, path).toContain(command);
      }
    }
  });

  it("names a database without tables, and so do the API and the address of a webhook", async () => {
    await dropTables();
    const bindings = bindingsWith();
    const command = "npm run deploy";
    const [[path, message] = ["", ""], ...others] = await faults(bindings);
    expect(path).toBe("DB");
    expect(message).toContain("0001_init.sql");
    expect(message).toContain(command);
    expect(others).toEqual([]);
    for (const address of ["/api/v1/integrations", "/integration/int_0123456789abcdef01234567"]) {
      const reply = await get(address, bindings, api);
      expect(problem.parse(reply.json).detail, address).toContain(command);
      expect(reply.headers.get("retry-after"), address).toBe("60");
    }
  });

  it("names MASTER_KEY where it is not the one that the keys are wrapped under", async () => {
    await runMaintenance();
    const other = { MASTER_KEY: new Uint8Array(32).fill(9).toBase64() };
    const [[path, message] = ["", ""], ...others] = await faults(bindingsWith(other));
    expect({ path, others }).toEqual({ path: "MASTER_KEY", others: [] });
    expect(message).toContain("npx wrangler secret put MASTER_KEY_PREVIOUS");
    const rotating = bindingsWith({ ...other, MASTER_KEY_PREVIOUS: env.MASTER_KEY });
    expect((await get("/ready", rotating)).status).toBe(200);
  });

  it("says that maintenance has never run, and that it has not run for ten minutes", async () => {
    const never = await faults(bindingsWith());
    expect(never).toEqual([["maintenance", expect.stringContaining("has not run yet")]]);
    await runMaintenance(11);
    const late = await faults(bindingsWith());
    expect(late).toEqual([["maintenance", expect.stringContaining("has not run for 10 minutes")]]);
    expect(late[0]?.[1]).toContain("npm run doctor");
  });

  it("reads the database once for requests of the same moment", async () => {
    await runMaintenance();
    let reads = 0;
    const DB = new Proxy(env.DB, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name === "prepare") reads += 1;
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const bindings = bindingsWith({ DB });
    for (let i = 0; i < 20; i++) expect((await get("/ready", bindings)).status).toBe(200);
    expect(reads).toBeLessThan(10);
  });
});
