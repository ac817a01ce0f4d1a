import { type JsonWebKey, createPublicKey, randomBytes, verify } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Gateway } from "../../scripts/drive/gateway.mjs";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN, standUp } from "./stand.ts";

// MASTER_KEY is rotated as docs/keys.md describes, while senders go on. Here each step is a restart, so a sender that finds
// nobody sends again, as it would on Cloudflare only if the network failed.

const SENDERS = 4;
const EVENTS_A_STEP = 20;
const PAUSE_MS = 50;

type JsonWebKeys = { readonly keys: readonly JsonWebKey[] };

async function publishedKeys(gateway: Gateway): Promise<JsonWebKeys["keys"]> {
  const { keys }: JsonWebKeys = JSON.parse(await (await fetch(`${gateway.url}/.well-known/jwks.json`)).text());
  return keys;
}

/** Senders that post until they are stopped, and keep the status of each answer. */
function sendOn({
  gateway,
  integration,
  token,
}: Pick<Awaited<ReturnType<typeof standUp>>, "gateway" | "integration" | "token">) {
  const answers: { readonly status: number; readonly id: string }[] = [];
  const state = { stopped: false };
  const send = async (sender: number): Promise<void> => {
    for (let n = 0; !state.stopped; n++) {
      const body = { event_type: "create", Id: `${sender}-${n}`, Title: "Rotation" };
      const answer = await gateway.post(integration, token, body).catch(() => null);
      if (answer !== null) answers.push({ status: answer.status, id: answer.body.id });
      await sleep(PAUSE_MS);
    }
  };
  const sending = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  return {
    answers,
    async stop() {
      state.stopped = true;
      await sending;
    },
  };
}

test("a rotation of MASTER_KEY under load refuses no sender, fails no delivery and changes no signature", async () => {
  const stand = await standUp();
  const { gateway, receiver, integration } = stand;
  const [key] = await publishedKeys(gateway);
  if (key === undefined) throw new Error("no key is published");
  // A second receiver verifies with the gateway's own key, which it read once.
  const other = new Receiver();
  onTestFinished(() => other.stop());
  await other.start();
  const publicKey = createPublicKey({ key, format: "jwk" });
  other.verify = ({ headers, body }) => {
    const [id, timestamp, signatures = ""] = ["id", "timestamp", "signature"].map((name) =>
      String(headers[`webhook-${name}`]),
    );
    const message = Buffer.from(`${id}.${timestamp}.${body}`);
    const items = signatures.split(" ").map((item) => Buffer.from(item.replace("v1a,", ""), "base64"));
    return items.some((signature) => verify(null, message, publicKey, signature));
  };
  const signing = { scheme: "standard-webhooks-ed25519" };
  const destination = await gateway.create("destinations", { name: "Other", type: "webhook", url: other.url, signing });
  await gateway.create("routes", {
    name: "Other",
    integration_ids: [integration.id],
    destination_ids: [destination.id],
  });
  const { token: apiToken } = await gateway.create("tokens", { name: "ci", scopes: ["read"] });

  const { answers, stop } = sendOn(stand);
  const takeSome = async () => {
    const before = answers.length;
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(before + EVENTS_A_STEP), WITHIN);
  };
  const restartWith = async (masterKey: string, previous: string) => {
    await gateway.end("SIGTERM");
    Object.assign(gateway, { masterKey, env: { MASTER_KEY_PREVIOUS: previous } });
    await gateway.start();
    await takeSome();
  };
  const allWrapped = () =>
    vi.waitFor(async () => {
      const { status, body } = await gateway.api("GET", "/keys", undefined, apiToken);
      expect(status).toBe(200);
      expect(body).toMatchObject({ remaining: 0 });
    }, WITHIN);

  await takeSome();
  const first = gateway.masterKey;
  const second = randomBytes(32).toString("base64");
  await restartWith(first, first);
  await restartWith(second, first);
  await allWrapped();
  await restartWith(second, "");
  await allWrapped();
  expect(await publishedKeys(gateway)).toEqual([key]);
  // The signing key is replaced, too. The receiver still has the one before, and the overlap is long enough for that.
  expect((await gateway.api("POST", "/keys/signing/rotate", { overlap_seconds: 3_600 })).status).toBe(200);
  await takeSome();
  await stop();

  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  await vi.waitFor(() => {
    for (const { arrivals } of [receiver, other]) {
      const arrived = new Set(arrivals.map(({ data }) => data.event.id));
      expect(answers.filter(({ id }) => !arrived.has(id))).toEqual([]);
    }
  }, WITHIN);
  for (const { arrivals } of [receiver, other]) {
    expect(arrivals.filter(({ verified }) => !verified)).toEqual([]);
  }
  const published = await publishedKeys(gateway);
  expect(published).toHaveLength(2);
  expect(published).toContainEqual(key);
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/reconciliation");
    expect(body).toMatchObject({ balanced: true, dead: 0, pending: 0 });
  }, WITHIN);
  const { body: page } = await gateway.api("GET", "/deliveries?limit=250");
  const failed = page.data.filter(({ attempts }: { readonly attempts: readonly { readonly status: number }[] }) =>
    attempts.some(({ status }) => status !== 200),
  );
  expect(failed).toEqual([]);
}, 600_000);
