import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { PRESET_NAMES } from "../../src/delivery/presets/registry.ts";
import { RULE_SETS } from "../../src/sources/rules/sets/index.ts";
import { createDestination, createIntegration, request } from "../support/api.ts";

const problem = z.object({ errors: z.array(z.object({ path: z.string(), message: z.string() })) });

async function errorsAt(path: string, method: string, body: object): Promise<unknown> {
  const reply = await request(path, { method, body: JSON.stringify(body) });
  return reply.status === 400 ? problem.parse(JSON.parse(reply.text)).errors : reply.status;
}

/** The JSON that an error says to send. */
function adviceIn(message: string): object {
  return JSON.parse(`{${/"type":.*/.exec(message)?.[0] ?? ""}}`);
}

describe("an integration whose type names", () => {
  it.each([...RULE_SETS.keys()])("the rule set %s gets one error, with what to send", async (name) => {
    const body = { name: "a", type: name };
    const message = `names a rule set: send "type":"rules","options":{"rule_set":"${name}"}`;
    expect(await errorsAt("/integrations", "POST", body)).toEqual([{ path: "type", message }]);
    expect(await errorsAt("/integrations", "POST", { ...body, ...adviceIn(message) })).toBe(201);
  });

  it("a rule set in another spelling, or a preset, gets what to send", async () => {
    const messageFor = async (type: unknown) =>
      JSON.stringify(await errorsAt("/integrations", "POST", { name: "a", type }));
    expect(await messageFor("Azure-Monitor")).toContain('\\"rule_set\\":\\"azuremonitor\\"');
    expect(await messageFor("slack")).toContain('\\"type\\":\\"catch\\"');
    for (const type of ["nonsense", "", 5, null, "__proto__"]) {
      expect(await messageFor(type)).toContain("must be a type that this gateway supports: backtrace, catch, ");
    }
    expect(await errorsAt("/integrations", "POST", { name: "a" })).toEqual([{ path: "type", message: "is required" }]);
  });
});

describe("a destination whose type names", () => {
  it.each(PRESET_NAMES)("the preset %s gets one error, with what to send", async (name) => {
    const body = { name: "a", type: name, url: "https://hooks.example.com" };
    const message = `names a preset: send "type":"webhook","payload":{"mode":"preset","preset":"${name}"}`;
    expect(await errorsAt("/destinations", "POST", body)).toEqual([{ path: "type", message }]);
    expect(adviceIn(message)).toEqual({ type: "webhook", payload: { mode: "preset", preset: name } });
  });

  it("a preset in another spelling gets its name", async () => {
    const body = { name: "a", type: "Google Chat", url: "https://hooks.example.com" };
    expect(JSON.stringify(await errorsAt("/destinations", "POST", body))).toContain("google-chat");
  });
});

it("the type of an integration or a destination cannot be changed, which is one error", async () => {
  const integration = await createIntegration({ options: { default_urgency: "high", wrapper_key: "a" } });
  const change = { type: "catch", options: { child_key: "a" } };
  expect(await errorsAt(`/integrations/${integration.id}`, "PATCH", change)).toEqual([
    { path: "type", message: "cannot be changed: create another integration" },
  ]);
  expect(await errorsAt(`/integrations/${integration.id}`, "PATCH", { type: "pagertree", name: "b" })).toBe(200);
  const destination = await createDestination();
  expect(
    await errorsAt(`/destinations/${destination.id}`, "PATCH", { type: "document", options: { key: "a" } }),
  ).toEqual([{ path: "type", message: "cannot be changed: create another destination" }]);
});
