import { Response } from "miniflare";
import { Pool } from "./pool.mjs";

const MAX_CALL_BYTES = 40_000_000;

/**
 * The service that runs transformations for a local gateway, which the gateway has as the binding TRANSFORMATIONS.
 * @param {string} root the folder of the project
 * @returns {{ fetch: (request: { text: () => Promise<string> }) => Promise<Response>, close: () => void }}
 */
export function transformationService(root) {
  /** @type {Promise<Pool> | null} */
  let pool = null;
  const start = async () => {
    const { HARNESS_SOURCE } = await import(String(new URL("src/transformations/harness.ts", `file://${root}/`)));
    return new Pool(HARNESS_SOURCE);
  };
  return {
    async fetch(request) {
      const text = await request.text();
      if (text.length > MAX_CALL_BYTES) return new Response("too large", { status: 413 });
      pool ??= start();
      const running = await pool;
      return Response.json(await running.run(JSON.parse(text)));
    },
    close() {
      void pool?.then((running) => running.close());
    },
  };
}
