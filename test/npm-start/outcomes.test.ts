import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { LocalServer } from "../../scripts/drive/local-server.mjs";
import { WITHIN, newGateway } from "./stand.ts";

/** Nothing listens there; a free port could be somebody else's by the time it is called. */
const CLOSED_PORT = 1;
const RETRIED = [400, 401, 403, 404, 405, 408, 409, 415, 422, 425, 429, 451, 500, 501, 502, 503, 504, 599];
const REDIRECTS = [300, 301, 302, 303, 304, 307, 308];
const SUCCESSES = [200, 201, 202, 204, 206, 299];

type Outcome = { readonly status: string; readonly reason: string | null; readonly attempts: readonly Attempt[] };
type Attempt = {
  readonly number: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly response_body: string | null;
};

/** A receiver whose answer is named by the path. `hits` counts what arrived, by path. */
async function startReceiver() {
  const hits = new Map<string, number>();
  const server = new LocalServer(async (request, response) => {
    const path = request.url ?? "";
    hits.set(path, (hits.get(path) ?? 0) + 1);
    request.resume();
    await once(request, "end");
    answer(path, request, response);
  });
  await server.start();
  onTestFinished(() => server.stop());
  return { hits, port: Number(new URL(server.origin).port) };
}

function answer(path: string, request: IncomingMessage, response: ServerResponse): void {
  const status = Number(path.slice(1));
  if (path === "/hang") return;
  if (path === "/reset") {
    request.socket.resetAndDestroy();
  } else if (path === "/half") {
    response.writeHead(200, { "content-length": "1000" }).write("only the start");
    setImmediate(() => request.socket.resetAndDestroy());
  } else if (path === "/silent-body") {
    response.writeHead(200, { "content-type": "text/plain" }).flushHeaders();
  } else if (path === "/endless") {
    response.writeHead(200, { "content-type": "text/plain" });
    const pour = (): void => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
    };
    response.on("drain", pour);
    response.on("error", () => {});
    pour();
  } else if (path === "/lying") {
    // Says that it is short, and is not: chunks go before a length.
    const { socket } = request;
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", pour);
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n");
    pour();
  } else {
    response.writeHead(status, { location: "/followed" }).end(status === 204 || status === 304 ? "" : "said so");
  }
}

test("every outcome of an attempt is told apart, and no redirect is followed", async () => {
  const { hits, port } = await startReceiver();
  const gateway = newGateway();
  await gateway.start();
  const urls: Record<string, string> = {
    refused: `http://127.0.0.1:${CLOSED_PORT}/`,
    tls: `https://127.0.0.1:${port}/tls`,
    "no such name": "http://nowhere.invalid/",
  };
  const paths = [
    "hang",
    "reset",
    "half",
    "silent-body",
    "endless",
    "lying",
    "410",
    ...[...RETRIED, ...REDIRECTS, ...SUCCESSES].map(String),
  ];
  for (const path of paths) urls[path] = `http://127.0.0.1:${port}/${path}`;
  const names = new Map<string, string>();
  for (const [name, url] of Object.entries(urls)) {
    const made = await gateway.create("destinations", {
      name,
      type: "webhook",
      url,
      timeout_ms: 1_000,
      retry_schedule: [1],
    });
    names.set(made.id, name);
  }
  const integration = await gateway.create("integrations", { name: "Anything", type: "catch" });
  await gateway.create("routes", {
    name: "To all",
    integration_ids: [integration.id],
    destination_ids: [...names.keys()],
  });
  expect((await gateway.send(integration, { what: "happened" })).status).toBe(200);

  const outcomes = new Map<string, Outcome>();
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/deliveries?limit=250");
    outcomes.clear();
    for (const each of body.data) outcomes.set(names.get(each.destination_id) ?? "", each);
    expect(outcomes.size).toBe(names.size);
    expect([...outcomes].filter(([, { status }]) => status === "pending").map(([name]) => name)).toEqual([]);
  }, WITHIN);
  const of = (name: string): Outcome => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) throw new Error(`nothing of ${name}`);
    return outcome;
  };
  const statusesOf = (name: string) => of(name).attempts.map(({ status }) => status);

  for (const status of SUCCESSES) {
    expect([status, of(String(status)).status, statusesOf(String(status))]).toEqual([status, "delivered", [status]]);
  }
  for (const status of [...RETRIED, ...REDIRECTS]) {
    expect([status, of(String(status)), statusesOf(String(status))]).toEqual([
      status,
      expect.objectContaining({ status: "dead", reason: "attempts_exhausted" }),
      [status, status],
    ]);
    expect(of(String(status)).attempts[0]?.error).toMatch(
      status < 400 ? /redirect|300|304/ : new RegExp(String(status)),
    );
  }
  expect(hits.get("/followed")).toBeUndefined();

  expect(of("410")).toMatchObject({ status: "dead", reason: "gone", attempts: [{ number: 1, status: 410 }] });
  const gone = [...names].find(([, name]) => name === "410")?.[0];
  expect((await gateway.api("GET", `/destinations/${gone}`)).body).toMatchObject({
    enabled: false,
    disabled_reason: "gone",
  });

  for (const name of ["refused", "tls", "reset", "no such name"]) {
    expect([name, of(name).status, statusesOf(name)]).toEqual([name, "dead", [null, null]]);
    for (const { error } of of(name).attempts) expect(error).toMatch(/connection/i);
  }
  for (const name of ["hang", "silent-body"]) {
    expect([name, of(name).status, statusesOf(name)]).toEqual([name, "dead", [null, null]]);
    for (const { error } of of(name).attempts) expect(error).toContain("1000 ms");
  }
  // What the receiver said stands, whatever became of the rest of its answer.
  expect([of("half").status, statusesOf("half")]).toEqual(["delivered", [200]]);
  expect([of("endless").status, statusesOf("endless")]).toEqual(["delivered", [200]]);
  expect(of("endless").attempts[0]?.response_body?.length).toBeLessThanOrEqual(2_048);
  expect([of("lying").status, statusesOf("lying")]).toEqual(["delivered", [200]]);
  expect(of("lying").attempts[0]?.response_body?.length).toBeLessThanOrEqual(2_048);
  expect(gateway.running?.output.text).not.toMatch(/exception/i);
});
