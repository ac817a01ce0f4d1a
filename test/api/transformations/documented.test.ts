import { describe, expect, it } from "vitest";
import page from "../../../docs/transformations.md?raw";
import { unwrap } from "../../../src/client/index.ts";
import { CODE_TEMPLATES } from "../../../src/dashboard/transformations/templates.ts";
import type { Json } from "../../../src/model/json.ts";
import { client } from "../../support/api.ts";

// The code of docs/transformations.md and of the dashboard's templates, through the preview.

const RECIPES = new Map(
  [...page.matchAll(/\n### (.+)\n[^#]*?```js\n([\s\S]*?)```/g)].map(([, title = "", code = ""]) => [title, code]),
);

async function run(code: string, body: Json, kind: "integration" | "destination" = "integration") {
  const shown = unwrap(await client.transformationPreviews.create({ code, body, kind }));
  expect(shown.error).toBeNull();
  return shown;
}

async function payloadsOf(title: string, body: Json): Promise<unknown> {
  const { result } = await run(RECIPES.get(title) ?? "", body);
  return Array.isArray(result) ? result.map((item) => Object(item).payload) : Object(result).payload;
}

describe("a documented recipe", () => {
  it("redacts fields at any depth", async () => {
    const body = { id: 7, user: { email: "ann@example.com", name: "Ann" }, contacts: [{ phone: "1" }] };
    expect(await payloadsOf("Redact fields at any depth", body)).toEqual({
      id: 7,
      user: { email: "[redacted]", name: "Ann" },
      contacts: [{ phone: "[redacted]" }],
    });
  });

  it("drops events", async () => {
    const code = RECIPES.get("Drop events") ?? "";
    expect(await run(code, { environment: "test" })).toMatchObject({ dropped: true });
    expect(await run(code, { environment: "prod" })).toMatchObject({ dropped: false, events: 1 });
  });

  it("makes an event for each item of an order", async () => {
    const body = { order: 17, items: [{ sku: "a" }, { sku: "b" }] };
    expect(await payloadsOf("An event for each item of an order", body)).toEqual([
      { order: 17, sku: "a", position: 1 },
      { order: 17, sku: "b", position: 2 },
    ]);
  });

  it("gives fields other names", async () => {
    expect(await payloadsOf("Other names for fields", { msg: "hi", host: "db-7" })).toEqual({
      message: "hi",
      host: "db-7",
    });
  });

  it("computes units, times and sums", async () => {
    const body = { amount_cents: 1_999, created: 0, lines: [{ quantity: 2 }, { quantity: 3 }] };
    expect(await payloadsOf("Units, times and sums", body)).toEqual({
      ...body,
      amount: "19.99",
      created_at: "1970-01-01T00:00:00.000Z",
      quantity: 5,
    });
  });

  it("builds the body for a receiver", async () => {
    const code = RECIPES.get("Build the body for a receiver, at a destination") ?? "";
    const alert = { title: "Disk full", urgency: "critical", key: "db-7" };
    const shown = await run(code, { type: "alert.created", data: { alert } }, "destination");
    expect(shown.result).toEqual({ summary: "Disk full", priority: 1, reference: "db-7" });
    expect(await run(code, { type: "alert.resolved", data: { alert } }, "destination")).toMatchObject({
      dropped: true,
    });
  });

  it("has a test", () => {
    expect(RECIPES.size).toBe(6);
  });
});

describe("each other code of the page", () => {
  const blocks = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  it.each(blocks.filter((code) => ![...RECIPES.values()].includes(code)))("runs: %s", async (code) => {
    expect(await run(code, { email: "ann@example.com" })).toMatchObject({ ok: true });
  });
});

describe("each template of the dashboard", () => {
  it.each(CODE_TEMPLATES.map(({ title, code }) => [title, code] as const))("runs: %s", async (_title, code) => {
    const body = { email: "ann@example.com", msg: "hi", items: [{ sku: "a" }] };
    const { result } = await run(code, body);
    expect(JSON.stringify(result)).not.toBe("null");
  });
});
