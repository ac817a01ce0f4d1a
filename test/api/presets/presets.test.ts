import { expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { PRESETS, PRESET_NAMES } from "../../../src/delivery/presets/registry.ts";
import { client } from "../../support/api.ts";

it("GET /presets lists every preset with what a gallery shows", async () => {
  const { data } = unwrap(await client.presets.list());
  expect(data.map(({ name }) => name)).toEqual(PRESET_NAMES);
  for (const { title, summary } of data) {
    expect(title).toMatch(/^[A-Z]/);
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
    docs: "docs/sources/grafana.md",
  });
  for (const { name, actions } of data) expect([name, actions]).toEqual([name, expect.arrayContaining(["create"])]);
});
