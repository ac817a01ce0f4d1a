import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { forgetContext } from "../../../src/context.ts";
import { CATALOGUE } from "../../../src/delivery/presets/catalogue/index.ts";
import type { Preset } from "../../../src/delivery/presets/preset.ts";
import { PRESETS, type PresetName } from "../../../src/delivery/presets/registry.ts";
import { namesIn } from "../../../src/model/registry.ts";
import { client, clientOf, createDestination, faultsOf, statusOf, textOf } from "../../support/api.ts";
import { authFor, presetFixture } from "../../support/preset-fixtures.ts";

const NAMES = namesIn<keyof typeof CATALOGUE>(CATALOGUE);
const NEEDS_AUTH = NAMES.filter((name) => {
  const preset: Preset = PRESETS[name];
  return preset.auth !== undefined;
});

function creationOf(preset: PresetName) {
  const { url, options } = presetFixture(preset);
  return { name: "n", url, auth: authFor(preset), payload: { mode: "preset", preset, options } } as const;
}

describe("the URL of a destination with a preset", () => {
  it.each(["jira", "github-issues", "twilio-sms", "slack"] as const)("is that of the product (%s)", async (preset) => {
    const isData = Object.hasOwn(CATALOGUE, preset);
    for (const url of [
      "https://other.example.com/",
      "https://example.atlassian.net.evil.example/",
      "https://evil.example/?api.github.com",
    ]) {
      const reply = await client.destinations.create({ ...creationOf(preset), url });
      expect(statusOf(reply)).toBe(isData ? 400 : 201);
      if (!isData) continue;
      expect(faultsOf(reply)).toEqual(["url"]);
      expect(textOf(reply)).toContain("must be an address on");
    }
  });

  it("can be a stand-in on a private address, if the gateway allows those", async () => {
    for (const url of ["http://127.0.0.1:9000/", "http://localhost:9000/rest/api/3/issue", "https://jira/"]) {
      expect((await createDestination({ ...creationOf("jira"), url })).url).toBe(url);
    }
    forgetContext();
    const strict = clientOf({ bindings: { ALLOW_PRIVATE_DESTINATIONS: "false" } });
    const reply = await strict.destinations.create({ ...creationOf("jira"), url: "http://127.0.0.1:9000/" });
    expect(faultsOf(reply)).toEqual(["url"]);
  });

  it("is checked again if it, the preset or the credentials change, and not otherwise", async () => {
    const { id } = await createDestination(creationOf("slack"));
    const { payload, auth } = creationOf("jira");
    const misfit = await client.destinations.update(id, { payload });
    expect(faultsOf(misfit).toSorted()).toEqual(["auth.type", "url"]);
    expect(unwrap(await client.destinations.update(id, { name: "other" })).name).toBe("other");
    const moved = await client.destinations.update(id, { payload, auth, url: "https://example.atlassian.net/" });
    expect(unwrap(moved).payload).toMatchObject({ preset: "jira" });
    expect(faultsOf(await client.destinations.update(id, { auth: { type: "none" } }))).toEqual(["auth.type"]);
    const elsewhere = await client.destinations.update(id, { auth, url: "https://x.example.com/" });
    expect(faultsOf(elsewhere)).toEqual(["url"]);
  });
});

describe("the auth of a destination with a preset", () => {
  it.each(NEEDS_AUTH)("is one that the product accepts (%s)", async (preset) => {
    const reply = await client.destinations.create({ ...creationOf(preset), auth: { type: "none" } });
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual(["auth.type"]);
  });

  it("can be a header of the destination's own", async () => {
    const { headers } = await createDestination({
      ...creationOf("jira"),
      auth: { type: "none" },
      headers: { Authorization: "Basic abc" },
    });
    expect(Object.keys(headers)).toEqual(["authorization"]);
  });
});

it("GET /presets shows the address, the credentials and what to enter", async () => {
  const { data } = unwrap(await client.presets.list());
  expect(data.find(({ name }) => name === "jira")).toMatchObject({
    title: "Jira",
    category: "tickets",
    url: "https://example.atlassian.net",
    auth: { types: expect.arrayContaining(["basic"]), hint: expect.stringContaining("API token") },
    options: [
      { name: "project", required: true, secret: false, hint: "the key of the project" },
      { name: "issue_type", required: true, secret: false, hint: expect.any(String) },
      { name: "close_transition_id", required: false, secret: false, hint: expect.any(String) },
    ],
  });
});
