import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration, faultsOf } from "../../support/api.ts";
import { openLine } from "../../support/flow.ts";

const GRAFANA = { type: "rules", options: { rule_set: "grafana" } } as const;
const LEGACY = {
  ruleId: 1,
  ruleName: "CPU",
  ruleUrl: "https://g.example/1",
  state: "alerting",
  title: "[Alerting] CPU",
};

describe("the type of an integration", () => {
  it("changes from catch to rules: the next request opens an alert, and the settings stay", async () => {
    const line = await openLine("catch", {});
    await line.send(LEGACY);
    unwrap(await client.integrations.update(line.id, { options: { child_key: "a", expect_every_minutes: 60 } }));
    const before = unwrap(await client.integrations.get(line.id));
    const changed = unwrap(await client.integrations.update(line.id, GRAFANA));
    expect(changed).toMatchObject({ type: "rules", options: { rule_set: "grafana", expect_every_minutes: 60 } });
    expect(changed.options).not.toHaveProperty("child_key");
    expect([changed.url, changed.auth, changed.name]).toEqual([before.url, before.auth, before.name]);
    await line.send(LEGACY);
    const types = unwrap(await client.events.list({ integration_id: line.id })).data.map(({ type }) => type);
    expect(types).toEqual(["alert.created", "event.received"]);
  });

  it("changes back, with the defaults of a catch hook", async () => {
    const { id } = await createIntegration(GRAFANA);
    expect(unwrap(await client.integrations.update(id, { type: "catch" }))).toMatchObject({
      type: "catch",
      options: { child_key: null, fan_out: true, raw: false },
    });
  });

  it("does not change to or from a type with a source of its own, nor without the options that it needs", async () => {
    const { id } = await createIntegration({ type: "catch" });
    expect(faultsOf(await client.integrations.update(id, { type: "pagertree" }))).toEqual(["type"]);
    expect(faultsOf(await client.integrations.update(id, { type: "rules" }))).toEqual([
      expect.stringMatching(/^options/),
    ]);
    const own = { type: "rules", options: { fan_out: true } } as const;
    expect(faultsOf(await client.integrations.update(id, own))).toContain("options.fan_out");
    const { id: other } = await createIntegration({ type: "retrace" });
    expect(faultsOf(await client.integrations.update(other, GRAFANA))).toEqual(["type"]);
  });
});
