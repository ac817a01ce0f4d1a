import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createIdMinter } from "../../../src/model/ids.ts";
import { insertIntegrationRow } from "../../support/integrations.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, faultsOf, request, statusOf, unchecked } from "../../support/api.ts";
import { AT, contentOf, storeEvent } from "../records.ts";
import { tables } from "../../support/tables.ts";

const ID = "int_1";
let nowMs = Date.parse(AT);
const mint = createIdMinter(
  () => nowMs,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

async function stored(body: object, parts = 1, afterMs = 1_000, integrationId = ID): Promise<string> {
  nowMs += afterMs;
  const ids = Array.from({ length: parts }, () => mint("evt").id);
  const rows = ids.map((id, n) => ({
    id,
    integration_id: integrationId,
    received_at: AT,
    content: parts === 1 ? contentOf(body) : { ...contentOf(body), payload: { n } },
  }));
  await tables.events.insert(...rows);
  return ids[0] ?? "";
}

async function storedApart(body: object, parts: number, msApart: number): Promise<string> {
  nowMs += 1_000;
  const ids: string[] = [];
  for (let n = 0; n < parts; n++) {
    nowMs += msApart;
    const { id } = mint("evt");
    ids.push(id);
    const content = { ...contentOf(body), payload: { n } };
    const message = { v: 1, id, integration_id: ID, received_at: AT, repeat_key: null, content };
    await env.BODIES.put(`events/${id}`, JSON.stringify(message));
    await storeEvent({ id }, { stored_at: `events/${id}` });
  }
  return ids[0] ?? "";
}

async function sampled(query = ""): Promise<string[]> {
  const reply = await request(`/integrations/${ID}/samples${query}`);
  expect(reply.status).toBe(200);
  return JSON.parse(reply.text).data.map((row: { event_id: string }) => row.event_id);
}

describe("the samples of an integration", () => {
  it("show each request as it was kept, with its payload", async () => {
    await insertIntegrationRow({ id: ID });
    expect(await sampled()).toEqual([]);
    const id = await stored({ Id: "k" });
    expect(unwrap(await client.integrations.samples.list(ID))).toEqual({
      data: [
        {
          event_id: id,
          received_at: AT,
          method: "POST",
          query: "",
          headers: { "content-type": "application/json", authorization: "[redacted]" },
          body: '{"Id":"k"}',
          body_encoding: "utf8",
          payload: { Id: "k" },
        },
      ],
    });
  });

  it("are the latest of this integration alone, newest first, three unless told", async () => {
    await insertIntegrationRow({ id: ID });
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) {
      ids.push(await stored({ n }));
      await stored({ n }, 1, 0, "int_2");
    }
    const newest = ids.toReversed();
    expect(await sampled()).toEqual(newest.slice(0, 3));
    expect(await sampled("?limit=1")).toEqual(newest.slice(0, 1));
    expect(await sampled("?limit=25")).toEqual(newest.slice(0, 25));
  });

  it("count a request once however many events it became, more than are looked at together too", async () => {
    await insertIntegrationRow({ id: ID });
    const first = await stored({ n: 1 }, 3);
    const second = await stored({ n: 2 }, 600);
    const third = await stored({ n: 3 }, 249);
    const fourth = await stored({ n: 4 }, 2);
    expect(await sampled("?limit=25")).toEqual([fourth, third, second, first]);
    expect(await sampled("?limit=3")).toEqual([fourth, third, second]);
  });

  it("count the same body again where it was sent again, and other bodies of one moment each", async () => {
    await insertIntegrationRow({ id: ID });
    const ids = [
      await stored({ n: 1 }),
      await stored({ n: 1 }),
      await stored({ n: 2 }, 1, 0),
      await stored({ n: 3 }, 1, 0),
    ];
    expect(await sampled("?limit=25")).toEqual(ids.toReversed());
  });

  it("count bodies that are kept apart once too, and do without those that are gone", async () => {
    await insertIntegrationRow({ id: ID });
    const together = await storedApart({ n: 1 }, 3, 0);
    const moving = await storedApart({ n: 2 }, 3, 5);
    const gone = await storedApart({ n: 3 }, 1, 0);
    expect(await sampled()).toEqual([gone, moving, together]);
    await env.BODIES.delete(`events/${gone}`);
    expect(await sampled()).toEqual([moving, together]);
  });

  it("stop early where bodies are large", async () => {
    await insertIntegrationRow({ id: ID });
    for (let n = 0; n < 6; n++) await stored({ n, text: "x".repeat(1_500_000) });
    expect(await sampled("?limit=25")).toHaveLength(2);
  });

  it("are refused with another limit, another filter or another integration", async () => {
    await insertIntegrationRow({ id: ID });
    for (const limit of ["0", "26", "-1", "1.5", "", "x", "1&limit=2"]) {
      expect(faultsOf(await request(`/integrations/${ID}/samples?limit=${limit}`))).toEqual(["limit"]);
    }
    expect(faultsOf(await client.integrations.samples.list(ID, unchecked({ cursor: "x" })))).toEqual(["cursor"]);
    expect(statusOf(await client.integrations.samples.list("int_nope"))).toBe(404);
  });
});
