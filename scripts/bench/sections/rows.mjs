import { DatabaseSync } from "node:sqlite";
import { buildRequests, catchBody, pagertreeCreate } from "../requests.mjs";
import { send } from "../rounds.mjs";
import { findDatabase } from "../seed.mjs";
import { startGateway } from "../gateway.mjs";

// What the events of usual senders take up in the database. They pass through the gateway, and the size of the file is compared
// before and after. Nothing is copied, so each event has a key and a payload of its own.

const WARM_UP_EVENTS = 20;

/** @typedef {import("../gateway.mjs").Bench} Bench */

/** @type {readonly { name: string, type: string, destinations: number, body: (index: number) => string }[]} */
const KINDS = [
  { name: "catch", type: "catch", destinations: 1, body: catchBody },
  { name: "alert", type: "pagertree", destinations: 2, body: pagertreeCreate },
];

/** What a database holds, in bytes of its pages: together, and of each table or index. @param {string} file */
export function readSizes(file) {
  const db = new DatabaseSync(file, { readOnly: true });
  const [{ bytes = 0 } = {}] = db
    .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .all();
  const free = db
    .prepare("SELECT freelist_count * page_size AS bytes FROM pragma_freelist_count, pragma_page_size")
    .get();
  const tables = db.prepare("SELECT name, SUM(pgsize) AS bytes, SUM(ncell) AS cells FROM dbstat GROUP BY name").all();
  db.close();
  return {
    bytes: Number(bytes) - Number(free?.["bytes"] ?? 0),
    tables: new Map(tables.map(({ name, bytes: size }) => [String(name), Number(size)])),
  };
}

/** The bytes that each column of the newest events has. @param {string} file @param {number} count */
export function readColumns(file, count) {
  const db = new DatabaseSync(file, { readOnly: true });
  const columns = db
    .prepare("SELECT name FROM pragma_table_info('events')")
    .all()
    .map(({ name }) => String(name));
  const sums = columns.map((name) => `AVG(COALESCE(OCTET_LENGTH("${name}"), 0)) AS "${name}"`).join(", ");
  const averages = db.prepare(`SELECT ${sums} FROM (SELECT * FROM events ORDER BY id DESC LIMIT ?)`).get(count) ?? {};
  db.close();
  return new Map(Object.entries(averages).map(([name, bytes]) => [name, Number(bytes)]));
}

/** Bytes and rows of an event of each kind. @param {Bench} bench */
export async function measureRows(bench) {
  /** @type {Record<string, number>} */
  const figures = {};
  for (const kind of KINDS) {
    const measured = await measureKind(bench, kind);
    figures[`${kind.name}_bytes`] = measured.bytes;
    figures[`${kind.name}_event_row_bytes`] = measured.row;
    figures[`${kind.name}_rows_written`] = measured.rows_written;
  }
  return figures;
}

/** @param {Bench} bench @param {(typeof KINDS)[number]} kind */
async function measureKind(bench, { name, type, destinations, body }) {
  const count = bench.plan.row_events;
  const gateway = await startGateway(bench, { consumers: true, metered: true });
  const { id } = await gateway.create("/integrations", { name, type });
  const targets = Array.from({ length: destinations }, (_, index) => `/${name}-${index}`);
  await gateway.connect(
    { id },
    targets.map((path) => `http://127.0.0.1:${bench.receiver.port}${path}`),
  );
  const flow = async (/** @type {number} */ from, /** @type {number} */ events) => {
    await bench.receiver.ask({ command: "reset" });
    const requests = buildRequests(events, (index) => ({ path: `/integration/${id}`, body: body(from + index) }));
    await send(bench, name, gateway.port, requests, { count: events });
    const order = { command: "collect", count: events * destinations, quiet_ms: 8_000, secrets: {} };
    const { arrived } = await bench.receiver.ask(order);
    if (arrived !== events * destinations) bench.fail(`${name}: ${arrived} of ${events * destinations} arrived`);
    await gateway.quiet();
  };
  await flow(0, WARM_UP_EVENTS);
  const file = findDatabase(gateway.state);
  const before = readSizes(file);
  await gateway.meter();
  await flow(WARM_UP_EVENTS, count);
  const { rows_written } = await gateway.meter();
  await gateway.stop();
  const after = readSizes(file);
  const columns = readColumns(file, count);
  const grown = [...after.tables]
    .map(([table, bytes]) => ({ table, bytes: (bytes - (before.tables.get(table) ?? 0)) / count }))
    .filter(({ bytes }) => bytes >= 1)
    .map(({ table, bytes }) => `${table} ${Math.round(bytes)}`);
  const long = [...columns]
    .filter(([, bytes]) => bytes >= 1)
    .map(([column, bytes]) => `${column} ${Math.round(bytes)}`);
  bench.note(`Bytes of a ${name} event by table: ${grown.join(", ")}. Its columns: ${long.join(", ")}.`);
  return {
    bytes: (after.bytes - before.bytes) / count,
    row: ((after.tables.get("events") ?? 0) - (before.tables.get("events") ?? 0)) / count,
    rows_written: rows_written / count,
  };
}
