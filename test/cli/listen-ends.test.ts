import { expect, test } from "vitest";
import { Running } from "./run.ts";
import { arrives, standUp } from "./listening.ts";
import { standIn } from "./stand-in.ts";

// What others change while a command listens, and what the command says of it.

type Stand = Awaited<ReturnType<typeof standUp>>;
type Thing = { readonly id: string; readonly name: string };

async function only({ gateway }: Stand, path: string): Promise<Thing> {
  const { data } = (await gateway.api("GET", path)).body;
  expect(data).toHaveLength(1);
  return data[0];
}

/** Each takes something away from a command that listens. */
const ENDS: readonly (readonly [string, (stand: Stand) => Promise<unknown>])[] = [
  [
    "The destination of this command was deleted.",
    async (stand) => stand.gateway.api("DELETE", `/destinations/${(await only(stand, "/destinations")).id}?force=true`),
  ],
  [
    "The route of this command was deleted.",
    async (stand) => stand.gateway.api("DELETE", `/routes/${(await only(stand, "/routes")).id}`),
  ],
  [
    "The route of this command does not name its destination any more.",
    async (stand) => {
      const other = await stand.gateway.create("destinations", { name: "o", type: "cli" });
      const { id } = await only(stand, "/routes");
      await stand.gateway.api("PATCH", `/routes/${id}`, { destination_ids: [other.id] });
      await stand.gateway.api("DELETE", `/destinations/${other.id}?force=true`);
    },
  ],
  [
    "The integration of this command was deleted.",
    async (stand) => stand.gateway.api("DELETE", `/integrations/${stand.integration.id}`),
  ],
];

test("a command ends with the reason when what it needs is deleted, and leaves nothing", async () => {
  const stand = await standUp();
  const { gateway, listen } = stand;
  for (const [reason, change] of ENDS) {
    const command = listen();
    await command.hasWritten("Connected to");
    await change(stand);
    const { code, stderr } = await command.ended();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${reason}`)]);
    for (const path of ["/destinations", "/routes"]) expect((await gateway.api("GET", path)).body.data).toEqual([]);
  }
});

test("a configuration document that names nothing of a command leaves it connected", async () => {
  const { gateway, receiver, listen, post } = await standUp();
  const command = listen();
  await command.hasWritten("Connected to");
  const document = { version: 1, integrations: { Orders: { type: "catch" } }, destinations: {}, routes: {} };
  expect((await gateway.api("PUT", "/config?prune=true", document)).status).toBe(200);
  await post({ n: 1 });
  await arrives(receiver, [1]);
  command.child.kill("SIGINT");
  expect((await command.ended()).code).toBe(0);
});

test("a command ends with the reason when its token ends", async () => {
  const { gateway, env, receiver } = await standUp();
  for (const change of ["deleted", "read only"] as const) {
    const token = await gateway.create("tokens", { name: "t", scopes: ["write"] });
    const own = { ...env, HOOKGATE_TOKEN: token.token };
    const command = new Running(["listen", "Orders", "--forward-to", receiver.url], own);
    await command.hasWritten("Connected to");
    const path = `/tokens/${token.id}`;
    if (change === "deleted") await gateway.api("DELETE", path);
    else await gateway.api("PATCH", path, { scopes: ["read"] });
    const { code, stderr } = await command.ended();
    expect(code).toBe(1);
    expect(stderr).toContain("The destination of this command could not be removed");
    expect(stderr).toContain("error: The token of this command has ended, or lacks the scope `write` now.");
  }
});

test("a command says that its destination is paused or its integration disabled, and that webhooks arrive again", async () => {
  const stand = await standUp();
  const { gateway, listen, post, integration } = stand;
  const command = listen();
  await command.hasWritten("Connected to");
  const { id } = await only(stand, "/destinations");
  await gateway.api("POST", `/destinations/${id}/pause`);
  await command.hasWritten("is paused: deliveries wait until it is resumed.");
  await gateway.api("PATCH", `/integrations/${integration.id}`, { enabled: false });
  await command.hasWritten("The integration is disabled");
  await gateway.api("PATCH", `/integrations/${integration.id}`, { enabled: true });
  await gateway.api("POST", `/destinations/${id}/resume`);
  await command.hasWritten("Webhooks arrive again");
  await post({ n: 1 });
  await command.hasWritten("event.received");
});

test("listen --original says whose secret checks the body, and which is the gateway's", async () => {
  const { env } = await standIn(({ method, path }) => {
    if (method === "POST") return { body: { id: "new_1", signing_secret: "whsec_of-the-gateway" } };
    const auth = { type: "signature", scheme: "stripe", header: "stripe-signature" };
    return {
      body: path === "/integrations" ? { data: [{ id: "int_1", name: "Orders" }], next_cursor: null } : { auth },
    };
  });
  const command = new Running(["listen", "Orders", "--forward-to", "1", "--original"], env);
  await command.hasWritten("Not connected");
  expect(command.stderr).toContain(
    "The sender's signature arrives unchanged: check it with the sender's secret.\n" +
      "The gateway's own, webhook-signature, is made with the secret whsec_of-the-gateway\n",
  );
  command.child.kill("SIGINT");
  await command.ended();
});
