import { createBatcher } from "../../../src/ingest/batcher.ts";

// The batching floor of ingest: as accept.mjs, but requests that arrive during a send share the next send, as those of the gateway do.

const LIMITS = {
  maxCount: 100,
  maxBytes: 250_000,
  /** @param {{ bytes: number }} item */
  bytesOf: ({ bytes }) => bytes,
};

/** @typedef {{ text: string, bytes: number }} Item */

/** @type {import("../../../src/ingest/batcher.ts").Batcher<Item> | undefined} */
let batcher;

/** @param {any} queue */
function batcherFor(queue) {
  return createBatcher(
    async (/** @type {readonly Item[]} */ items) => {
      await queue.sendBatch(items.map(({ text }) => ({ body: text, contentType: "text" })));
      return true;
    },
    LIMITS,
    Date.now,
  );
}

export default {
  /** @param {Request} request @param {any} env */
  async fetch(request, env) {
    const text = await request.text();
    await (batcher ??= batcherFor(env.EVENTS))([{ text, bytes: text.length }]);
    return Response.json({ status: "success" });
  },
  async queue() {},
};
