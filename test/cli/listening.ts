import { expect, onTestFinished, vi } from "vitest";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN, newGateway } from "../npm-start/stand.ts";
import { Running } from "./run.ts";

// A gateway with an integration to listen to, a local server, and commands between them.

type Delivery = {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly attempts: readonly { readonly status: number | null; readonly error: string | null }[];
};

export async function newReceiver(): Promise<Receiver> {
  const receiver = new Receiver();
  receiver.verify = () => true;
  onTestFinished(() => receiver.stop());
  await receiver.start();
  return receiver;
}

export async function standUp() {
  const gateway = newGateway({ throughNpm: false, env: { RETRY_SCHEDULE: "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1" } });
  const receiver = await newReceiver();
  await gateway.start();
  const integration = await gateway.create("integrations", { name: "Orders", type: "catch" });
  const env = { HOOKGATE_URL: gateway.url, HOOKGATE_TOKEN: gateway.adminToken, XDG_CONFIG_HOME: "/nonexistent" };
  const listen = (...args: string[]): Running =>
    new Running(["listen", "Orders", "--forward-to", receiver.url, ...args], env);
  const post = async (body: object): Promise<void> => {
    expect((await gateway.send(integration, body)).status).toBe(200);
  };
  const deliveries = async (): Promise<readonly Delivery[]> =>
    (await gateway.api("GET", "/deliveries?limit=250")).body.data;
  return { gateway, receiver, integration, env, listen, post, deliveries };
}

export function numbersOf(receiver: Receiver): number[] {
  return receiver.arrivals.map(({ data }) => data.event.payload.n);
}

export async function arrives(receiver: Receiver, numbers: readonly number[]): Promise<void> {
  await vi.waitFor(() => expect(numbersOf(receiver)).toEqual(numbers), WITHIN);
}
