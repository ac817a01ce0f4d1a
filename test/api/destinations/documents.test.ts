import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApiRoutes } from "../../../src/api/api.ts";
import { putDocument } from "../../../src/storage/destinations/documents.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, request } from "../../support/api.ts";

const apiRoutes = createApiRoutes();

const bytes = new TextEncoder().encode("<script>alert(1)</script>");

async function createDocuments(more: object = {}): Promise<string> {
  const made = unwrap(
    await client.destinations.create({ name: "d", type: "document", options: { key: "{{ type }}" }, ...more }),
  );
  return made.id;
}

async function put(id: string, key: string, content_type = "text/html; charset=utf-8"): Promise<void> {
  await putDocument(env.BODIES, id, {
    key,
    bytes,
    content_type,
    event_id: "evt_1",
    delivery_id: "dlv_1",
    replaces: "any",
  });
}

async function fetchDocument(path: string, method = "GET", token: string = env.ADMIN_TOKEN): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  return await apiRoutes.request(`https://gate.example.net${path}`, { method, headers }, env);
}

describe("documents of a destination", () => {
  it("are what its deliveries write, also by the test button", async () => {
    const id = await createDocuments({
      options: { key: "alerts/{{ data.alert.key }}.txt" },
      payload: { mode: "template", content_type: "text/plain", body: "{{ data.alert.title }}" },
    });
    expect(unwrap(await client.destinations.test(id))).toMatchObject({ ok: true, status: null, hint: null });
    const json = unwrap(await client.destinations.documents.list(id));
    expect(json).toEqual({
      data: [
        {
          key: "test/alerts/hookgate-test.txt",
          size: 30,
          content_type: "text/plain",
          event_id: expect.stringMatching(/^evt_/),
          delivery_id: expect.stringMatching(/^dlv_/),
          updated_at: expect.stringMatching(/^\d{4}-.*Z$/),
          url: `https://gate.example.net/api/v1/destinations/${id}/documents/test/alerts/hookgate-test.txt`,
        },
      ],
      next_cursor: null,
    });
    const document = await fetchDocument(`/destinations/${id}/documents/test/alerts/hookgate-test.txt`);
    expect(await document.text()).toBe("Test: disk almost full on db-1");
  });

  it("are listed in order of their keys, without gap or repeat, and no others with them", async () => {
    const [id, other] = [await createDocuments(), await createDocuments()];
    const keys = ["a", "a/b", "b/1", "b/2", "ü/ß", "z %2F#?"];
    for (const key of keys.toReversed()) await put(id, key);
    await put(other, "theirs");
    await env.BODIES.put("events/evt_1", "{}");
    for (const limit of [1, 2, 5, 6, 7]) {
      const rows = await Array.fromAsync(client.destinations.documents.all(id, { limit }));
      expect(rows.map((row) => row.key)).toEqual(keys.toSorted());
    }
    expect(unwrap(await client.destinations.documents.list((await createDestination()).id)).data).toEqual([]);
  });

  it.each(["a", "a/b.txt", "ü/ß 1.txt", "100%", "a%2Fb", "a%252Fb", "q?x#y", "it's (1)*.txt", "x".repeat(900), "😀"])(
    "are read as a download, whatever they are called: %s",
    async (key) => {
      const id = await createDocuments();
      await put(id, key);
      const [row] = await Array.fromAsync(client.destinations.documents.all(id, { limit: 10 }));
      const response = await fetchDocument(String(row?.url).replace("https://gate.example.net/api/v1", ""));
      expect(response.status).toBe(200);
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
      const { headers } = response;
      const file = encodeURIComponent(key.split("/").at(-1) ?? "").replaceAll("'", "%27");
      expect(headers.get("content-disposition")).toBe(
        `attachment; filename*=UTF-8''${file.replace("(", "%28").replace(")", "%29").replace("*", "%2A")}`,
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(headers.get("cache-control")).toBe("no-store");
    },
  );

  it("can be read only in the destination's own folder", async () => {
    const [id, other] = [await createDocuments(), await createDocuments()];
    await put(other, "theirs");
    await env.BODIES.put("events/evt_1", "kept");
    const ways = ["..", "%2e%2e", ".%2e"].flatMap((up) => [
      `${up}/${other}/theirs`,
      `${up}%2f${other}%2ftheirs`,
      `${up}%2f${up}%2fevents%2fevt_1`,
    ]);
    for (const way of [...ways, "", "nope", "%00", "%0a", "%ff", "%", "x".repeat(1_025)]) {
      const response = await fetchDocument(`/destinations/${id}/documents/${way}`);
      expect([way, response.status]).toEqual([way, 404]);
    }
    for (const unknown of ["dst_0", "nope", "%00"]) {
      expect((await fetchDocument(`/destinations/${unknown}/documents/a`)).status).toBe(404);
      expect((await fetchDocument(`/destinations/${unknown}/documents`)).status).toBe(404);
    }
  });

  it("take a token and only GET, and a query that is understood", async () => {
    const id = await createDocuments();
    await put(id, "a");
    expect((await fetchDocument(`/destinations/${id}/documents/a`, "GET", "nope")).status).toBe(401);
    const head = await fetchDocument(`/destinations/${id}/documents/a`, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
    for (const method of ["POST", "PUT", "DELETE"]) {
      const refused = await fetchDocument(`/destinations/${id}/documents/a`, method);
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
    for (const [query, path] of [
      ["limit=0", "limit"],
      ["cursor=", "cursor"],
      ["cursor=AA", "cursor"],
      ["prefix=a", "prefix"],
    ]) {
      const reply = await request(`/destinations/${id}/documents?${query}`);
      expect([reply.status, faultsOf(reply)]).toEqual([400, [path]]);
    }
  });
});
