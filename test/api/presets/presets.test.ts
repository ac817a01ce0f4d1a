import { expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { PRESETS, PRESET_NAMES } from "../../../src/delivery/presets/registry.ts";
import { client, request } from "../../support/api.ts";

it("GET /presets lists every preset with what a gallery shows", async () => {
  const { data } = unwrap(await client.presets.list());
  expect(data.map(({ name }) => name)).toEqual(PRESET_NAMES);
  for (const { title, summary } of data) {
    expect(title).toMatch(/^[A-Za-z]/);
    expect(summary).toMatch(/^[A-Z].+\.$/);
  }
  expect(data.find(({ name }) => name === "telegram")).toEqual({
    name: "telegram",
    title: "Telegram",
    category: "chat",
    summary: "Sends a message to a chat.",
    docs: "docs/presets/telegram.md",
    options: Object.entries(PRESETS.telegram.options).map(([name, { required, secret }]) => ({
      name,
      required,
      secret,
    })),
  });
});

it("GET /rule-sets says of each what it is for and what its rules do", async () => {
  const { data } = unwrap(await client.ruleSets.list());
  expect(data.find(({ name }) => name === "grafana")).toMatchObject({
    title: "Grafana Alerting",
    category: "monitoring",
    logo: "grafana",
    capabilities: ["resolve", "severity", "test"],
    docs: "docs/sources/grafana.md",
  });
  for (const { name, actions } of data) expect([name, actions]).toEqual([name, expect.arrayContaining(["create"])]);
});

const found = async (query: Parameters<typeof client.ruleSets.list>[0]) =>
  unwrap(await client.ruleSets.list(query)).data.map(({ name }) => name);

it("GET /rule-sets finds by name, title, category and capability, in any spelling", async () => {
  for (const q of ["New Relic", "new-relic", "NEWRELIC", " newrelic "])
    expect((await found({ q }))[0]).toBe("newrelic");
  expect((await found({ q: "prometheus" }))[0]).toBe("alertmanager");
  expect(await found({ q: "Uptime" })).toEqual(expect.arrayContaining(["uptimekuma", "uptimerobot", "pingdom"]));
  expect(await found({ q: "support resolve" })).toEqual(expect.arrayContaining(["freshdesk", "zendesk"]));
  expect(await found({ q: "no such tool" })).toEqual([]);
  expect(await found({ q: "" })).toEqual(await found({}));
});

it("GET /rule-sets of a category has that category only", async () => {
  const jobs = await found({ category: "jobs" });
  expect(jobs).toContain("healthchecks");
  expect(jobs).not.toContain("grafana");
  expect(await found({ category: "jobs", q: "snitch" })).toEqual(["deadmanssnitch"]);
});

it("GET /rule-sets refuses a category that does not exist, and a text that is too long", async () => {
  for (const query of ["category=toys", `q=${"a".repeat(201)}`]) {
    expect((await request(`/rule-sets?${query}`)).status).toBe(400);
  }
});
