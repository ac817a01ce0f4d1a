import { describe, expect, it } from "vitest";
import { ClientError, unwrap } from "../../src/client/index.ts";
import { fakeGateway, problem } from "./fake-gateway.ts";

const page = (ids: readonly string[], next_cursor: string | null) =>
  Response.json({ data: ids.map((id) => ({ id })), next_cursor });
const queries = (sent: readonly { readonly url: string }[]) => sent.map(({ url }) => new URL(url).search);

describe("the pages of a list", () => {
  it("follow the cursors to the end, with the same filter", async () => {
    const script = [page(["evt_3"], "c1"), page([], "c2"), page(["evt_1"], null)];
    const { client, sent } = fakeGateway(script);
    const pages = await Array.fromAsync(client.events.pages({ type: "test", limit: 1 }));
    expect(pages.map(({ data }) => data.map(({ id }) => id))).toEqual([["evt_3"], [], ["evt_1"]]);
    expect(queries(sent)).toEqual([
      "?type=test&limit=1",
      "?type=test&limit=1&cursor=c1",
      "?type=test&limit=1&cursor=c2",
    ]);
  });

  it("are read one at a time, and no more than the caller takes", async () => {
    const { client, sent } = fakeGateway([page(["evt_2"], "c1")]);
    for await (const { data } of client.events.pages()) {
      expect(data).toHaveLength(1);
      break;
    }
    expect(sent).toHaveLength(1);
  });

  it("begin at a cursor that the caller kept", async () => {
    const { client, sent } = fakeGateway([page(["evt_2"], "c8"), page(["evt_1"], null)]);
    await Array.fromAsync(client.events.pages({ cursor: "c7" }));
    expect(queries(sent)).toEqual(["?cursor=c7", "?cursor=c8"]);
  });

  it("of a list within a resource have its id", async () => {
    const { client, sent } = fakeGateway([page([], "c1"), page([], null)]);
    await Array.fromAsync(client.destinations.documents.pages("dst_1"));
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(Array(2).fill("/api/v1/destinations/dst_1/documents"));
  });

  it("throw a ClientError if one cannot be read, after those before it", async () => {
    const { client } = fakeGateway([page(["evt_2"], "c1"), problem(503)]);
    const seen: number[] = [];
    const error = await (async () => {
      for await (const { data } of client.events.pages()) seen.push(data.length);
    })().catch((thrown: unknown) => thrown);
    expect(seen).toEqual([1]);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ message: "503 Problem 503.", failure: { kind: "problem", status: 503 } });
  });
});

describe("the rows of all pages", () => {
  it("come in order", async () => {
    const { client } = fakeGateway([page(["evt_4", "evt_3"], "c1"), page([], "c2"), page(["evt_1"], null)]);
    const rows = await Array.fromAsync(client.events.all());
    expect(rows.map(({ id }) => id)).toEqual(["evt_4", "evt_3", "evt_1"]);
  });

  it("throw a ClientError if a page cannot be read", async () => {
    const { client } = fakeGateway([new Error("reset")]);
    await expect(Array.fromAsync(client.alerts.all())).rejects.toThrow("reset");
  });
});

describe("unwrap", () => {
  it("returns the data of a success and throws a failure", async () => {
    const { client } = fakeGateway([page([], null), problem(404)]);
    expect(unwrap(await client.events.list()).data).toEqual([]);
    const missing = await client.events.get("evt_1");
    expect(() => unwrap(missing)).toThrow(ClientError);
  });
});
