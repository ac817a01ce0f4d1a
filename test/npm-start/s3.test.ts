import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { LocalServer } from "../../scripts/drive/local-server.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { awsFault } from "../support/aws-signatures.ts";
import { WITHIN } from "./stand.ts";

const KEY = { access_key_id: "AKIDORCHARD", secret_access_key: "s3cr3t/+of=the-orchard-0123456789" };

/** A store that checks signatures and keeps objects by their paths. */
class Store extends LocalServer {
  readonly objects = new Map<string, string>();
  /** How many of the next requests it is too busy for. */
  busy = 0;
  puts = 0;

  constructor() {
    super(async (request: IncomingMessage, response: ServerResponse) => {
      const code = await this.#take(request);
      const xml = code === null ? "" : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
      response.writeHead(code === null ? 200 : code === "SlowDown" ? 503 : 403).end(xml);
    });
  }

  async #take(request: IncomingMessage): Promise<string | null> {
    const body = new Uint8Array(await buffer(request));
    const { method = "", url = "", headers } = request;
    const received = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const fault = await awsFault({ method, url: `http://${headers.host}${url}`, headers: received, body }, KEY);
    if (fault !== null) return fault;
    this.puts += 1;
    if (this.puts <= this.busy) return "SlowDown";
    this.objects.set(decodeURIComponent(url), new TextDecoder().decode(body));
    return null;
  }
}

const stage = new Stage({ env: { RETRY_SCHEDULE: "1,1,1" } });
const { gateway } = stage;

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

test("deliveries become objects of a store that checks their signatures, after an attempt that it refuses", async () => {
  const store = await stage.open(new Store());
  store.busy = 1;
  const destination = await gateway.create("destinations", {
    name: "Archive",
    type: "s3",
    url: store.origin,
    auth: { type: "aws_sigv4", region: "auto", ...KEY },
    options: { bucket: "orchard", key: "loaves/{{ loaf }}/{{ delivery_id }}.json" },
  });
  const integration = await stage.route({ name: "Bakery", type: "catch" }, [destination]);
  await gateway.send(integration, { loaf: "röggen + (rye)" });
  await vi.waitFor(() => expect(store.objects.size).toBe(1), WITHIN);
  const [[path, body] = ["", "{}"]] = store.objects;
  expect(path).toMatch(/^\/orchard\/loaves\/röggen \+ \(rye\)\/dlv_\w+\.json$/);
  expect(JSON.parse(body)).toMatchObject({ data: { event: { payload: { loaf: "röggen + (rye)" } } } });
  expect(store.puts).toBe(2);
  await vi.waitFor(async () => {
    const { body: page } = await gateway.api("GET", `/deliveries?destination_id=${destination.id}`);
    expect(page.data).toMatchObject([{ status: "delivered", attempts: [{ status: 503 }, { status: 200 }] }]);
  }, WITHIN);

  const tried = await gateway.api("POST", `/destinations/${destination.id}/test`);
  expect(tried.body).toMatchObject({ ok: true, status: 200 });
  await gateway.api("PATCH", `/destinations/${destination.id}`, {
    auth: { type: "aws_sigv4", access_key_id: KEY.access_key_id, secret_access_key: "another", region: "auto" },
  });
  const refused = await gateway.api("POST", `/destinations/${destination.id}/test`);
  expect(refused.body).toMatchObject({ ok: false, status: 403 });
  expect(refused.body.error).toContain("SignatureDoesNotMatch");
});
