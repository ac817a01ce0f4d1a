import { describe, expect, it } from "vitest";
import { commandsFor, fits } from "../../src/dashboard/shell/palette/commands.ts";

const NAMED = {
  integration: [{ id: "int_1", name: "Grafana production" }],
  destination: [{ id: "dst_1", name: "Slack #ops" }],
  route: [{ id: "rte_1", name: "Grafana to Slack" }],
};

function commands(text: string, found: Parameters<typeof commandsFor>[0]["found"] = [], scopes = ["read", "write"]) {
  const groups = commandsFor({ text, may: (needed) => scopes.includes(needed), named: NAMED, found });
  return groups.flatMap(({ label, items }) => items.map(({ title, href }) => `${label}: ${title} ${href}`));
}

describe("the command palette", () => {
  it("finds by words in any order and case", () => {
    expect(fits("Which route takes an event", "EVENT route")).toBe(true);
    expect(fits("Events", "eventz")).toBe(false);
  });

  it("shows pages and actions before anything is typed, and no more", () => {
    const shown = commands("");
    expect(shown).toContain("Go to: Deliveries /deliveries");
    expect(shown).toContain("Actions: Create route /routes/new");
    expect(shown.filter((each) => !/^(?:Go to|Actions): /.test(each))).toEqual([]);
  });

  it("shows a reader only what a reader may open", () => {
    const shown = commands("", [], ["read"]);
    expect(shown.filter((each) => /Create|Replay|API tokens|Audit/.test(each))).toEqual([]);
  });

  it("leads to integrations, destinations and routes by name, and to what was found, each once", () => {
    const found = [
      { kind: "route", id: "rte_1", title: "Grafana to Slack" },
      { kind: "event", id: "evt_1", title: "Slack is down" },
      { kind: "replay", id: "rpl_1", title: "Replay (done)" },
    ] as const;
    expect(commands("slack", found)).toEqual([
      "Integrations, destinations, routes: Slack #ops /destinations/dst_1",
      "Integrations, destinations, routes: Grafana to Slack /routes/rte_1",
      "Found: Slack is down /events/evt_1",
      "Found: Replay (done) /deliveries?replay=rpl_1",
      "Search: Events with “slack” /events?q=slack",
      "Search: Deliveries with “slack” /deliveries?q=slack",
    ]);
  });

  it("leads to an id at once", () => {
    expect(commands("dlv_1A")[0]).toBe("Found: dlv_1A /deliveries/dlv_1A");
    const found = [{ kind: "delivery", id: "dlv_1A", title: "Disk full" }] as const;
    expect(commands("dlv_1A", found)[0]).toBe("Found: Disk full /deliveries/dlv_1A");
    expect(commands("xyz_1")).toEqual([
      "Search: Events with “xyz_1” /events?q=xyz_1",
      "Search: Deliveries with “xyz_1” /deliveries?q=xyz_1",
    ]);
  });

  it("leads nowhere else, whatever a name or a text contains", () => {
    const found = [{ kind: "event", id: "../../evil?x=1#", title: "javascript:alert(1)" }] as const;
    expect(commands("//evil.example/&a=b", found)).toEqual([
      "Found: javascript:alert(1) /events/..%2F..%2Fevil%3Fx%3D1%23",
      "Search: Events with “//evil.example/&a=b” /events?q=%2F%2Fevil.example%2F%26a%3Db",
      "Search: Deliveries with “//evil.example/&a=b” /deliveries?q=%2F%2Fevil.example%2F%26a%3Db",
    ]);
  });
});
