import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../scripts/drive/gateway.mjs";
import { WITHIN } from "../npm-start/stand.ts";
import { newReceiver, numbersOf, standUp } from "./listening.ts";
import { Network } from "./proxy.ts";
import { Running } from "./run.ts";

// Nothing is lost, and nothing is sent under another id, whatever fails between the gateway and the local server.

/** With full numbers, the network is lost for a minute without a sign. */
const IS_FULL = inject("scale") === 1;
const MINUTE_MS = 60_000;

test("a slow local server is an attempt that timed out after the destination's time, and is retried under the same id", async () => {
  const { gateway, env, post, deliveries } = await standUp();
  const port = await freePort();
  const ids: unknown[] = [];
  let isSlow = true;
  const server = createServer((request, response) => {
    ids.push(request.headers["webhook-id"]);
    request.resume();
    if (!isSlow) response.writeHead(200).end();
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(port, "127.0.0.1");
  const command = new Running(["listen", "Orders", "--forward-to", String(port)], env);
  await command.hasWritten("Connected to");
  const { data } = (await gateway.api("GET", "/destinations")).body;
  expect((await gateway.api("PATCH", `/destinations/${data[0].id}`, { timeout_ms: 1_000 })).status).toBe(200);
  await post({ n: 1 });
  await command.hasWritten("The local server did not respond within 1000 ms.");
  isSlow = false;
  await vi.waitFor(async () => expect((await deliveries())[0]?.status).toBe("delivered"), WITHIN);
  const [delivery, ...others] = await deliveries();
  expect(others).toEqual([]);
  expect(delivery?.attempts[0]).toMatchObject({
    status: null,
    error: "The local server did not respond within 1000 ms.",
  });
  expect(new Set(ids)).toEqual(new Set([delivery?.id]));
});

test("a command that loses its network says so, and receives everything once on return, while another receives it at once", async () => {
  const { gateway, receiver, env, post, deliveries } = await standUp();
  const network = await Network.to(gateway.url);
  const other = await newReceiver();
  const args = ["listen", "Orders", "--forward-to"];
  const far = new Running([...args, receiver.url], { ...env, HOOKGATE_URL: network.url });
  const near = new Running([...args, other.url], env);
  for (const command of [far, near]) await command.hasWritten("Connected to");
  await post({ n: 1 });
  for (const each of [receiver, other]) await vi.waitFor(() => expect(numbersOf(each)).toEqual([1]), WITHIN);
  network.cut(IS_FULL ? "silent" : "reset");
  for (const n of [2, 3, 4]) await post({ n });
  const all = new Set([1, 2, 3, 4]);
  await vi.waitFor(() => expect(new Set(numbersOf(other))).toEqual(all), WITHIN);
  if (IS_FULL) await sleep(MINUTE_MS);
  await far.hasWritten("Not connected: ");
  expect(numbersOf(receiver)).toEqual([1]);
  network.mend();
  await far.hasWritten("Connected again.");
  await vi.waitFor(() => expect(new Set(numbersOf(receiver))).toEqual(all), WITHIN);
  await vi.waitFor(async () => {
    expect((await deliveries()).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "delivered"));
  }, WITHIN);
  const arrived = [...receiver.arrivals, ...other.arrivals].map(({ id }) => id);
  expect(new Set(arrived)).toEqual(new Set((await deliveries()).map(({ id }) => id)));
  expect(near.stderr).not.toContain("Not connected");
});
