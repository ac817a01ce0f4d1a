/**
 * Cloudflare's prices in USD beyond what the Workers Paid plan includes. docs/cost.md names the page of each.
 */
export const PRICES = {
  worker_requests_per_million: 0.3,
  worker_cpu_ms_per_million: 0.02,
  queue_operations_per_million: 0.4,
  d1_rows_read_per_million: 0.001,
  d1_rows_written_per_million: 1,
  d1_gb_month: 0.75,
  r2_gb_month: 0.015,
  r2_writes_per_million: 4.5,
};

/** Queues bill by chunks of this many bytes, and add some bytes to each message. */
const QUEUE_CHUNK_BYTES = 64_000;
const QUEUE_METADATA_BYTES = 100;

/**
 * Returns how many operations one write, read or delete of a message of this many bytes counts as.
 * @param {number} bytes
 */
export function queueOperations(bytes) {
  return Math.ceil((bytes + QUEUE_METADATA_BYTES) / QUEUE_CHUNK_BYTES);
}

/**
 * What one event uses.
 * @typedef {object} Usage
 * @property {number} worker_requests invocations: the sender's request, and the queue's batches
 * @property {number} cpu_ms
 * @property {number} queue_operations
 * @property {number} d1_rows_read
 * @property {number} d1_rows_written
 */

/**
 * Returns the price of a million events with this usage each, by billed item.
 * @param {Usage} usage of one event
 */
export function usdPerMillion(usage) {
  const parts = {
    worker_requests: usage.worker_requests * PRICES.worker_requests_per_million,
    cpu: usage.cpu_ms * PRICES.worker_cpu_ms_per_million,
    queue_operations: usage.queue_operations * PRICES.queue_operations_per_million,
    d1_rows_read: usage.d1_rows_read * PRICES.d1_rows_read_per_million,
    d1_rows_written: usage.d1_rows_written * PRICES.d1_rows_written_per_million,
  };
  return { parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

/**
 * What one event takes up for a month: bytes of D1 and of R2, and its share of the objects that are written.
 * @typedef {{ d1_bytes: number, r2_bytes: number, r2_puts: number }} Kept
 */

/** Returns the price of keeping a million events for a month. @param {Kept} kept of one event */
export function usdKeptPerMillion({ d1_bytes, r2_bytes, r2_puts }) {
  const stored = (d1_bytes * PRICES.d1_gb_month + r2_bytes * PRICES.r2_gb_month) * (1e6 / 1e9);
  return stored + r2_puts * PRICES.r2_writes_per_million;
}
