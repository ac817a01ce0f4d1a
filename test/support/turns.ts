import { env } from "cloudflare:workers";

/** Waits for calls of the database, so that concurrent work goes on in another order. */
export async function waitTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await env.DB.prepare("SELECT 1").run();
}
