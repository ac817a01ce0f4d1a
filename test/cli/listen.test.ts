import { createServer } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../scripts/drive/gateway.mjs";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN } from "../npm-start/stand.ts";
import { arrives, newReceiver, numbersOf, standUp } from "./listening.ts";
import { Running, run } from "./run.ts";

// The real command against a real gateway, under faults.

test("webhooks arrive signed, are shown, and nothing is left when the command ends", async () => {
  const { gateway, receiver, listen, post, deliveries } = await standUp();
  const command = listen("--json", "--path", "in");
  await command.hasWritten("Connected to");
  await post({ n: 1 });
  await command.hasWritten("event.received");
  const secret = /whsec_\S+/.exec(command.stderr)?.[0] ?? "";
  const [arrival] = receiver.arrivals;
  expect(arrival).toMatchObject({ method: "POST", url: `${receiver.url}/in`, type: "event.received" });
  expect(arrival?.headers["host"]).toBe(new URL(receiver.url).host);
  const checking = new Receiver();
  checking.secret = secret;
  expect(arrival === undefined ? false : checking.verify(arrival)).toBe(true);
  await vi.waitFor(async () => {
    expect(await deliveries()).toMatchObject([{ id: arrival?.id, status: "delivered", attempts: [{ status: 200 }] }]);
  }, WITHIN);
  command.child.kill("SIGINT");
  const { code, stdout } = await command.ended();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ delivery_id: arrival?.id, status: 200, error: null });
  for (const path of ["/destinations", "/routes"]) expect((await gateway.api("GET", path)).body.data).toEqual([]);
});

test("a server that is down or fails is a failed attempt, which is retried under the same id", async () => {
  const { env, post, deliveries } = await standUp();
  const port = await freePort();
  const command = new Running(["listen", "Orders", "--forward-to", String(port)], env);
  await command.hasWritten("Connected to");
  await post({ n: 1 });
  await command.hasWritten("Connection refused");
  const ids: unknown[] = [];
  const server = createServer((request, response) => {
    request.resume();
    ids.push(request.headers["webhook-id"]);
    response.writeHead(ids.length === 1 ? 500 : 204).end();
  });
  onTestFinished(() => {
    server.close();
  });
  server.listen(port, "127.0.0.1");
  await vi.waitFor(async () => expect((await deliveries())[0]?.status).toBe("delivered"), WITHIN);
  const [delivery] = await deliveries();
  const outcomes = delivery?.attempts.map(({ status, error }) => status ?? error?.slice(0, 18));
  expect(new Set(outcomes)).toEqual(new Set(["Connection refused", 500, 204]));
  expect(ids).toEqual([delivery?.id, delivery?.id]);
});

test("what arrives while the gateway restarts, and 10 MB, arrive once and in order", async () => {
  const { gateway, receiver, listen, post, deliveries } = await standUp();
  const command = listen();
  await command.hasWritten("Connected to");
  await post({ n: 1, filler: "x".repeat(9_900_000) });
  await arrives(receiver, [1]);
  // An attempt that is not recorded is made again, under the same id.
  await vi.waitFor(async () => expect((await deliveries())[0]?.status).toBe("delivered"), WITHIN);
  await gateway.end("SIGKILL");
  await command.hasWritten("Not connected: ");
  await gateway.start();
  for (const n of [2, 3, 4]) await post({ n });
  await command.hasWritten("Connected again.");
  await vi.waitFor(() => expect(new Set(numbersOf(receiver))).toEqual(new Set([1, 2, 3, 4])), WITHIN);
  expect(numbersOf(receiver).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
});

test("two commands on one integration receive everything each", async () => {
  const { receiver, listen, post, env } = await standUp();
  const other = await newReceiver();
  const commands = [listen(), new Running(["listen", "Orders", "--forward-to", other.url], env)];
  for (const command of commands) await command.hasWritten("Connected to");
  await post({ n: 1 });
  await arrives(receiver, [1]);
  await arrives(other, [1]);
});

test("a command that was killed is removed, and what waited for it is cancelled with the reason", async () => {
  const { gateway, listen, post, deliveries } = await standUp();
  const command = listen("--keep", "10s");
  await command.hasWritten("Connected to");
  command.child.kill("SIGKILL");
  await command.ended();
  await post({ n: 1 });
  await vi.waitFor(async () => {
    expect(await deliveries()).toMatchObject([{ status: "cancelled", reason: "listener_gone", attempts: [] }]);
  }, WITHIN);
  for (const path of ["/destinations", "/routes"]) expect((await gateway.api("GET", path)).body.data).toEqual([]);
});

test("--poll brings new events without a destination", async () => {
  const { gateway, receiver, listen, post } = await standUp();
  const command = listen("--poll");
  await command.hasWritten("Reading new events");
  await post({ n: 1 });
  await arrives(receiver, [1]);
  expect((await gateway.api("GET", "/destinations")).body.data).toEqual([]);
  command.child.kill("SIGTERM");
  expect((await command.ended()).code).toBe(0);
});

test.each([
  [["listen", "Orders"], "required option"],
  [["listen", "Orders", "--forward-to", "ftp://localhost"], "--forward-to is not"],
  [["listen", "Orders", "--forward-to", "3000", "--events", "nothing.happened"], "is not a type of event"],
  [["listen", "Orders", "--forward-to", "3000", "--keep", "1s"], "--keep takes"],
])("%j is wrong usage", async (args, message) => {
  const env = { HOOKGATE_URL: "http://localhost:9", HOOKGATE_TOKEN: "hgt_none" };
  const { code, stderr } = await run(args, { env });
  expect([code, stderr]).toEqual([64, expect.stringContaining(message)]);
});
