import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { readResponse } from "../http-response.mjs";

// The load generator: a separate process that writes prepared bytes and reads as little of each response as possible.

const GRACE_MS = 20_000;
const EVENT_ID = /"id":"(evt_\w+)"/;

/**
 * Requests of equal length, concatenated in `bytes`. They are sent in turn, repeatedly.
 * Runs for `duration_ms` or for `count` requests. With `interval_ms` it sends one per interval, even if the last one has no response yet.
 * @typedef {{ port: number, bytes: Buffer, length: number, connections: number, duration_ms?: number, count?: number, interval_ms?: number, keep_ids?: boolean }} Job
 */

/** @typedef {{ answered: number, failed: number, faults: Record<string, number>, elapsed_ms: number, latencies: number[], sent_at: number[], ids: string[] }} Done */

/** A clock in ms that all processes of this machine share. */
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/**
 * One keep-alive connection. `send` resolves with the status of the response, or 0 if there was none.
 * @param {number} port
 */
function openConnection(port) {
  /** @type {import("node:net").Socket | null} */
  let socket = null;
  /** @type {Buffer | null} */
  let held = null;
  /** @type {((answer: { status: number, body: Buffer | null }) => void) | null} */
  let waiting = null;

  const settle = (/** @type {{ status: number, body: Buffer | null }} */ answer) => {
    const resolve = waiting;
    waiting = null;
    held = null;
    resolve?.(answer);
  };
  const drop = () => {
    socket?.destroy();
    socket = null;
    settle({ status: 0, body: null });
  };
  const open = () => {
    const opened = connect({ port, host: "127.0.0.1", noDelay: true });
    opened.on("data", (chunk) => {
      const bytes = held === null ? chunk : Buffer.concat([held, chunk]);
      const response = readResponse(bytes);
      if (response === null) {
        held = bytes;
        return;
      }
      if (!response.keepAlive) {
        socket = null;
        opened.destroy();
      }
      settle(response);
    });
    opened.on("error", () => {});
    opened.on("close", () => {
      if (socket === opened) drop();
    });
    return opened;
  };

  return {
    /** @param {Buffer} bytes @returns {Promise<{ status: number, body: Buffer | null }>} */
    send(bytes) {
      socket ??= open();
      return new Promise((resolve) => {
        waiting = resolve;
        socket?.write(bytes);
      });
    },
    close: drop,
  };
}

/**
 * @param {Job} job
 * @returns {Promise<Done>}
 */
async function run({ port, bytes, length, connections, duration_ms, count = Infinity, interval_ms, keep_ids = false }) {
  const requests = Array.from({ length: bytes.length / length }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
  /** @type {Done} */
  const done = { answered: 0, failed: 0, faults: {}, elapsed_ms: 0, latencies: [], sent_at: [], ids: [] };
  const lanes = Array.from({ length: connections }, () => openConnection(port));
  let next = 0;
  const began = now();
  const deadline = duration_ms === undefined ? Infinity : began + duration_ms;

  const one = async (/** @type {ReturnType<typeof openConnection>} */ lane) => {
    const index = next++;
    const request = requests[index % requests.length];
    if (request === undefined) return;
    const sent = now();
    done.sent_at[index] = sent;
    const { status, body } = await lane.send(request);
    const answered = now();
    if (status < 200 || status > 299) {
      done.failed += 1;
      done.faults[status] = (done.faults[status] ?? 0) + 1;
      if (status === 0) await sleep(10);
    } else if (answered <= deadline) {
      done.answered += 1;
      done.latencies.push(answered - sent);
      if (keep_ids) done.ids.push(EVENT_ID.exec(body?.toString("latin1") ?? "")?.[1] ?? "");
    }
  };
  const flood = async (/** @type {ReturnType<typeof openConnection>} */ lane) => {
    while (next < count && now() < deadline) await one(lane);
  };
  const pace = async (/** @type {number} */ every) => {
    const free = [...lanes];
    const sending = [];
    while (next < count && now() < deadline) {
      const lane = free.pop() ?? openConnection(port);
      if (!lanes.includes(lane)) lanes.push(lane);
      sending.push(one(lane).then(() => free.push(lane)));
      await sleep(Math.max(0, began + next * every - now()));
    }
    await Promise.all(sending);
  };

  const all = interval_ms === undefined ? Promise.all(lanes.map(flood)) : pace(interval_ms);
  const bound = duration_ms === undefined ? 300_000 : duration_ms + GRACE_MS;
  const timer = setTimeout(() => {
    for (const lane of lanes) lane.close();
  }, bound);
  await all;
  clearTimeout(timer);
  done.elapsed_ms = Math.min(now(), deadline) - began;
  for (const lane of lanes) lane.close();
  return done;
}

process.on("message", (/** @type {{ call: number, argument: Job }} */ { call, argument }) => {
  run(argument).then(
    (answer) => process.send?.({ call, answer }),
    (/** @type {unknown} */ error) => process.send?.({ call, fault: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
