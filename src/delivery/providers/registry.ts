import type { Context } from "../../context.ts";
import { findIn, namesIn } from "../../model/registry.ts";
import type { Sent } from "../request/send.ts";
import { cli } from "./cli.ts";
import { document } from "./document.ts";
import { email } from "./email.ts";
import { type Outgoing, type Provider, unsent } from "./provider.ts";
import { queue } from "./queue.ts";
import { s3 } from "./s3.ts";
import { webhook } from "./webhook.ts";

/** The provider of each type of destination. */
export const PROVIDERS = {
  cli,
  document,
  email,
  queue,
  s3,
  webhook,
} as const satisfies Record<string, Provider>;

export type DestinationType = keyof typeof PROVIDERS;

export const DESTINATION_TYPES = namesIn<DestinationType>(PROVIDERS);

/** Returns the provider of a stored type; null if this version does not have it. */
export function findProvider(type: string): Provider | null {
  return findIn<DestinationType, Provider>(PROVIDERS, type);
}

/** Makes one attempt of a delivery. The promise rejects only for faults of the gateway. */
export async function deliver(context: Context, outgoing: Outgoing): Promise<Sent> {
  const { skipped, lacks } = outgoing.body;
  if (lacks !== undefined) return unsent("lacking", lacks);
  if (skipped !== undefined)
    return { outcome: { kind: "skipped" }, response_body: skipped, error: null, duration_ms: 0 };
  const { type } = outgoing.destination;
  const provider = findProvider(type);
  if (provider === null)
    return unsent("refused", `This version of the gateway has no destinations of the type ${type}.`);
  return await provider.deliver(context, outgoing);
}
