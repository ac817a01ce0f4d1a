import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare, type V4WorkerOptions, convertV4MiniflareOptions } from "miniflare";
import { Webhook } from "standardwebhooks";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../scripts/drive/gateway.mjs";
import { WITHIN } from "../npm-start/stand.ts";
import { ROOT } from "./pages.ts";

const EXAMPLES = join(ROOT, "docs/examples");
const SECRET = `whsec_${Buffer.from("the secret of an example, 32 byte").toString("base64")}`;
const BODY = JSON.stringify({
  type: "alert.created",
  timestamp: "2026-11-20T10:00:00.000Z",
  data: { event: { id: "evt_1", payload: {} }, alert: { title: "Größe überschritten" } },
});

type Sent = { readonly id?: string; readonly at?: Date; readonly secret?: string; readonly body?: string };

/** Sends a request as the gateway does, signed for `BODY`. Returns the status. */
async function send(url: string, { id = "dlv_1", at = new Date(), secret = SECRET, body = BODY }: Sent = {}) {
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": `v1,AAAA ${new Webhook(secret).sign(id, at, BODY)}`,
  };
  const response = await fetch(url, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
}

const MS = 1_000;

/** What every receiver must do: accept, refuse, and ignore what it knows. */
async function expectGoodManners(url: string, output: () => string): Promise<void> {
  expect(await send(url)).toBe(204);
  await vi.waitFor(() => expect(output()).toContain("alert.created Größe überschritten"), WITHIN);
  expect(await send(url)).toBe(204);
  expect(await send(url, { id: "dlv_2" })).toBe(204);
  await vi.waitFor(() => expect(output().match(/alert\.created/g)).toHaveLength(2), WITHIN);
  expect(await send(url, { body: BODY.replace("alert", "alarm") })).toBe(401);
  expect(await send(url, { secret: `whsec_${Buffer.from("another secret").toString("base64")}` })).toBe(401);
  expect(await send(url, { at: new Date(Date.now() - 301 * MS) })).toBe(401);
  expect(await send(url, { at: new Date(Date.now() + 310 * MS) })).toBe(401);
  expect((await fetch(url, { method: "POST", body: BODY })).status).toBe(401);
}

type Server = {
  readonly name: string;
  /** Makes the program, which takes long the first time. */
  readonly build?: readonly string[];
  readonly command: readonly string[];
  readonly probe: readonly string[];
};

const folder = mkdtempSync(join(tmpdir(), "hookgate-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NODE = join(ROOT, "node_modules/.bin/node");
const GO_PROGRAM = join(folder, "receiver");
const SERVERS: readonly Server[] = [
  { name: "Node", command: [NODE, "node/receiver.mjs"], probe: [NODE, "--version"] },
  { name: "Python", command: ["python3", "python/receiver.py"], probe: ["python3", "--version"] },
  {
    name: "Go",
    build: ["go", "build", "-o", GO_PROGRAM, "go/main.go"],
    command: [GO_PROGRAM],
    probe: ["go", "version"],
  },
];

const env = { ...process.env, GOTOOLCHAIN: "local" };
const succeeds = ([command = "", ...args]: readonly string[]): boolean =>
  spawnSync(command, args, { cwd: EXAMPLES, env }).status === 0;

describe.each(SERVERS)("the example of a server in $name", ({ build, command: [command = "", ...args], probe }) => {
  test.skipIf(!succeeds(probe))("verifies, refuses and ignores what it knows", async () => {
    if (build !== undefined) expect(succeeds(build)).toBe(true);
    const port = await freePort();
    const child = spawn(command, args, {
      cwd: EXAMPLES,
      env: { ...env, PORT: String(port), SIGNING_SECRET: SECRET },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    await vi.waitFor(() => expect(output).toContain("Listening"), WITHIN);
    const url = `http://127.0.0.1:${port}/hook`;
    await vi.waitFor(async () => expect((await fetch(url, { method: "POST" })).status).toBe(401), WITHIN);
    await expectGoodManners(url, () => output);
  });
});

function workerOf(name: string) {
  return {
    name,
    modules: [
      { type: "ESModule" as const, path: "index.js", contents: readFileSync(join(EXAMPLES, name, "index.js"), "utf8") },
    ],
    compatibilityDate: "2026-10-20",
    kvNamespaces: ["SEEN"],
    bindings: { SIGNING_SECRET: SECRET },
  };
}

/** Starts Workers in the runtime. Returns what they log, too. */
async function runtimeOf(...workers: V4WorkerOptions[]) {
  let output = "";
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      workers,
      cf: false,
      handleStructuredLogs: ({ message }) => {
        output += `${message}\n`;
      },
    }),
  );
  onTestFinished(() => runtime.dispose());
  return { url: String(await runtime.ready), output: () => output };
}

describe("the example of a Worker", () => {
  test("verifies, refuses and ignores what it knows", async () => {
    const { url, output } = await runtimeOf(workerOf("receiver-worker"));
    await expectGoodManners(url, output);
    expect((await fetch(url)).status).toBe(405);
  });

  test("takes the messages of a queue, each once", async () => {
    const producer = {
      name: "producer",
      modules: true,
      script:
        "export default { async fetch(request, env) { await env.Q.send(await request.json()); return new Response(null); } }",
      compatibilityDate: "2026-10-20",
      queueProducers: { Q: { queueName: "my-queue" } },
    };
    const consumer = { ...workerOf("queue-worker"), queueConsumers: { "my-queue": { maxBatchTimeout: 0 } } };
    const { url, output } = await runtimeOf(producer, consumer);
    const post = async (message: object) => await fetch(url, { method: "POST", body: JSON.stringify(message) });
    const first = { id: "dlv_1", type: "alert.created", encoding: "json", body: JSON.parse(BODY) };
    for (const message of [first, first, { id: "dlv_2", type: "event.received", encoding: "base64", body: "AAEC" }]) {
      await post(message);
    }
    await vi.waitFor(() => expect(output()).toContain("event.received dlv_2"), WITHIN);
    expect(output().match(/alert\.created Größe überschritten/g)).toHaveLength(1);
  });
});
