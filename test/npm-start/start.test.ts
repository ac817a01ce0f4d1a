import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { freePort, launch, temporaryFolder } from "../../scripts/drive/gateway.mjs";
import { newGateway } from "./stand.ts";

async function failsToStart(args: string[], env: Record<string, string> = {}): Promise<string> {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { output, ended } = launch([...args, "--persist-to", folder], { env });
  expect(await ended, output.text).toBe(1);
  expect(output.text).not.toMatch(/^\s+at /m);
  return output.text;
}

describe("npm start says what is wrong and exits with 1", () => {
  test("where MASTER_KEY is not 32 bytes", async () => {
    const secret = "bm90LTMyLWJ5dGVz";
    const output = await failsToStart(["--port", String(await freePort())], { MASTER_KEY: secret });
    expect(output).toContain("MASTER_KEY");
    expect(output).not.toContain(secret);
  });

  test("where RETRY_SCHEDULE is no list of numbers", async () => {
    const output = await failsToStart(["--port", String(await freePort())], { RETRY_SCHEDULE: "1,soon" });
    expect(output).toContain("RETRY_SCHEDULE");
  });

  test("where the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    expect(await failsToStart(["--port", port])).toContain(`Port ${port} is in use`);
  });

  test.each(["0", "two", "100", "1.5"])("where --shards is %s", async (shards) => {
    expect(await failsToStart(["--shards", shards])).toContain("--shards has to be a number from 1 to 99");
  });

  test("where an option is unknown", async () => {
    expect(await failsToStart(["--prot", "1"])).toContain("--prot");
  });

  test("where another gateway uses the folder", async () => {
    const gateway = newGateway();
    await gateway.start();
    const { output, ended } = launch(["--port", String(await freePort()), "--persist-to", gateway.folder]);
    expect(await ended).toBe(1);
    expect(output.text).toContain("Another gateway is using");
  });
});

test("two gateways run side by side and know nothing of each other", async () => {
  const [one, other] = [newGateway(), newGateway()];
  await Promise.all([one.start(), other.start()]);
  await one.create("integrations", { name: "Only here", type: "pagertree" });
  expect((await one.api("GET", "/integrations")).body.data).toHaveLength(1);
  expect((await other.api("GET", "/integrations")).body.data).toEqual([]);
});

test("what was configured is there after a restart, and gone after --reset", async () => {
  const gateway = newGateway();
  await gateway.start();
  const { id } = await gateway.create("integrations", { name: "Kept", type: "pagertree" });
  await gateway.end("SIGTERM");
  await gateway.start();
  expect((await gateway.api("GET", `/integrations/${id}`)).status).toBe(200);
  await gateway.end("SIGTERM");

  await gateway.start(["--reset"]);
  expect((await gateway.api("GET", `/integrations/${id}`)).status).toBe(404);
});

test("it listens on both loopback addresses where the machine has both", async () => {
  const gateway = newGateway();
  await gateway.start();
  expect((await fetch(`http://127.0.0.1:${gateway.port}/health`)).status).toBe(200);
  const probe = createServer();
  const hasIpv6 = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(0, "::1", () => probe.close(() => resolve(true)));
  });
  if (!hasIpv6) return;
  expect((await fetch(`http://[::1]:${gateway.port}/health`)).status).toBe(200);
});

test("the runtime ends with a start script that is killed outright", async () => {
  const gateway = newGateway({ throughNpm: false });
  await gateway.start();
  await gateway.end("SIGKILL");
  await vi.waitFor(() => expect(fetch(`${gateway.url}/health`)).rejects.toThrow(), { timeout: 10_000, interval: 50 });
});
