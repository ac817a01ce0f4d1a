import { describe, expect, it } from "vitest";
import { openFirst } from "../../src/dashboard/alerts/open-first.ts";
import { notifiedDestinations } from "../../src/dashboard/alerts/who-is-notified.ts";

const { signal } = new AbortController();

describe("the list of alerts", () => {
  const PAGES: Readonly<Record<string, readonly (readonly string[])[]>> = {
    open: [["o1", "o2"], ["o3"]],
    acknowledged: [["a1"]],
    resolved: [[], ["r1"]],
  };
  const asked: string[] = [];
  const read = openFirst<string>(2, async (status, cursor) => {
    asked.push(`${status} ${cursor}`);
    const page = Number(cursor ?? 0);
    const next_cursor = page + 1 < (PAGES[status]?.length ?? 0) ? String(page + 1) : null;
    return { data: PAGES[status]?.[page] ?? [], next_cursor };
  });

  it("has open alerts first, then acknowledged, then resolved ones, each once", async () => {
    const rows: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof read>> = await read(cursor ?? undefined, signal);
      rows.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(rows).toEqual(["o1", "o2", "o3", "a1", "r1"]);
    expect(asked).toEqual(["open undefined", "open 1", "acknowledged undefined", "resolved undefined", "resolved 1"]);
  });
});

describe("an action on an alert", () => {
  const route = { enabled: true, integration_ids: null, event_types: null, destination_ids: ["dst_1"] } as const;
  const alert = { integration_id: "int_1" };

  it("notifies the destinations of the routes that take its event, each once", () => {
    const routes = [route, { ...route, destination_ids: ["dst_1", "dst_2"] }];
    expect(notifiedDestinations("resolve", alert, routes)).toEqual(["dst_1", "dst_2"]);
  });

  it.each([
    { enabled: false },
    { integration_ids: ["int_2"] },
    { event_types: ["alert.created", "alert.acknowledged"] as const },
  ])("does not notify those of a route with %j", (fields) => {
    expect(notifiedDestinations("resolve", alert, [{ ...route, ...fields }])).toEqual([]);
  });
});
