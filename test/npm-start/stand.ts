import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { Gateway } from "../../scripts/drive/gateway.mjs";
import { Receiver } from "../../scripts/drive/receiver.mjs";

/** How long a test waits for a condition. No test is about speed, and a busy machine is slow. */
export const WITHIN = { timeout: 120_000, interval: 50 };

/** A gateway that is not started yet, and is gone when the test is over. */
export function newGateway(options?: { throughNpm?: boolean; env?: Record<string, string> }): Gateway {
  const gateway = new Gateway(options);
  onTestFinished(() => gateway.dispose());
  return gateway;
}

/** A running gateway with an integration that is routed to a running receiver. */
export async function standUp(env: Record<string, string> = {}) {
  const gateway = newGateway({ env });
  const receiver = new Receiver();
  onTestFinished(() => receiver.stop());
  await Promise.all([gateway.start(), receiver.start()]);
  const { integration, destination, token } = await gateway.connect(receiver.url);
  receiver.secret = destination.signing_secret;
  return { gateway, receiver, integration, destination, token };
}

const COMMAND = join(import.meta.dirname, "../../scripts/hookgate.mjs");

/** Runs `hookgate verify-log`. Returns its report. Throws if it finds something wrong. */
export async function verifyLog({
  url,
  adminToken,
}: Gateway): Promise<{ readonly segments: number; readonly events: number }> {
  const env = { ...process.env, HOOKGATE_URL: url, HOOKGATE_TOKEN: adminToken };
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, "verify-log", "--json"], { env });
  return JSON.parse(stdout);
}
