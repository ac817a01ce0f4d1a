import { env } from "cloudflare:workers";
import worker from "../../../src/index.ts";
import { type CallKind, asInvocation, connect, exceed, isInInvocation } from "./invocation.ts";
import {
  MAX_BATCH_BYTES,
  MAX_BATCH_MESSAGES,
  MAX_DELAY_SECONDS,
  MAX_MESSAGE_BYTES,
  MAX_PARAMETERS,
  MAX_RESULT_BYTES,
  MAX_SQL_BYTES,
  MAX_VALUE_BYTES,
  PAID,
} from "./limits.ts";

// The bindings of all tests enforce the platform's limits while code of the product runs, which is from an entry point of the
// Worker on. Like test/support/storage.ts this changes the prototypes of the bindings, so that every binding of a kind has it.

type Method = (this: unknown, ...values: unknown[]) => unknown;

function replace(prototype: object, name: string, replacement: (original: Method) => Method): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== "function") throw new Error(`There is no method ${name}.`);
  const call: Method = function (...values) {
    return Reflect.apply(original, this, values);
  };
  Reflect.defineProperty(prototype, name, { configurable: true, writable: true, value: replacement(call) });
}

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).byteLength;
}

function isAbove(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && bytesOf(text) > maxBytes;
}

// D1

const sqlOf = new WeakMap<object, string>();

function nameOf(statement: unknown): string {
  const sql = typeof statement === "object" && statement !== null ? sqlOf.get(statement) : undefined;
  return (sql ?? "").replaceAll(/\s+/g, " ").trim().slice(0, 60);
}

function checkParameters(values: readonly unknown[]): void {
  if (values.length > MAX_PARAMETERS) exceed(`d1: ${values.length} parameters`);
  for (const value of values) {
    if (typeof value === "string" && isAbove(value, MAX_VALUE_BYTES))
      exceed(`d1: a parameter of ${bytesOf(value)} bytes`);
    if (value instanceof ArrayBuffer && value.byteLength > MAX_VALUE_BYTES) {
      exceed(`d1: a parameter of ${value.byteLength} bytes`);
    }
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  return value instanceof ArrayBuffer ? value.byteLength : 8;
}

function checkRows(what: string, rows: readonly unknown[]): void {
  let total = 0;
  for (const row of rows) {
    const values: readonly unknown[] = typeof row === "object" && row !== null ? Object.values(row) : [row];
    const size = values.reduce((sum: number, value) => sum + sizeOf(value), 0);
    if (size > MAX_VALUE_BYTES) exceed(`d1: a row of ${size} bytes: ${what}`);
    total += size;
  }
  if (total > MAX_RESULT_BYTES) exceed(`d1: a result of ${total} bytes: ${what}`);
}

function checkResult(what: string, result: unknown): void {
  const results = Array.isArray(result) ? result : [result];
  const rows = results.flatMap((each: unknown) => {
    const own: unknown = typeof each === "object" && each !== null ? Reflect.get(each, "results") : undefined;
    return Array.isArray(own) ? own : [];
  });
  checkRows(what, rows);
}

function installD1(): void {
  const database: object = Object.getPrototypeOf(env.DB);
  const statement: object = Object.getPrototypeOf(env.DB.prepare("SELECT 1"));
  const remember = (made: unknown, sql: string): unknown => {
    if (typeof made === "object" && made !== null) sqlOf.set(made, sql);
    return made;
  };
  replace(
    database,
    "prepare",
    (prepare) =>
      function (...values) {
        const sql = String(values[0]);
        if (isInInvocation() && isAbove(sql, MAX_SQL_BYTES)) exceed(`d1: a statement of ${bytesOf(sql)} bytes`);
        return remember(prepare.apply(this, values), sql);
      },
  );
  replace(
    statement,
    "bind",
    (bind) =>
      function (...values) {
        if (isInInvocation()) checkParameters(values);
        return remember(bind.apply(this, values), nameOf(this));
      },
  );
  for (const name of ["all", "run", "first", "raw"]) {
    replace(
      statement,
      name,
      (run) =>
        async function (...values) {
          const result = await connect("d1", nameOf(this), 1, async () => await run.apply(this, values));
          if (isInInvocation()) checkResult(nameOf(this), result);
          return result;
        },
    );
  }
  replace(
    database,
    "batch",
    (batch) =>
      async function (...values) {
        const statements: readonly unknown[] = Array.isArray(values[0]) ? values[0] : [];
        const what = nameOf(statements[0]);
        const result = await connect("d1", what, statements.length, async () => await batch.apply(this, values));
        if (isInInvocation()) checkResult(what, result);
        return result;
      },
  );
}

// Queues

function optionOf(options: unknown, name: string): unknown {
  return typeof options === "object" && options !== null ? Reflect.get(options, name) : undefined;
}

/** Throws if the platform would not take messages. Returns nothing, so that stand-ins for a queue can use it too. */
export function checkMessages(messages: readonly { readonly body: unknown; readonly options: unknown }[]): void {
  const sizes = messages.map(({ body, options }) => {
    const text = optionOf(options, "contentType") === "text" ? String(body) : JSON.stringify(body);
    return bytesOf(text);
  });
  const tooLarge = sizes.find((size) => size > MAX_MESSAGE_BYTES);
  if (tooLarge !== undefined) exceed(`queue: a message of ${tooLarge} bytes`);
  if (messages.length > MAX_BATCH_MESSAGES) exceed(`queue: a batch of ${messages.length} messages`);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > MAX_BATCH_BYTES) exceed(`queue: a batch of ${total} bytes`);
  for (const { options } of messages) {
    const delay = Number(optionOf(options, "delaySeconds") ?? 0);
    if (delay > MAX_DELAY_SECONDS) exceed(`queue: a delay of ${delay} s`);
  }
}

function installQueues(): void {
  const queue: object = Object.getPrototypeOf(env.EVENTS);
  replace(
    queue,
    "send",
    (send) =>
      async function (...values) {
        if (isInInvocation()) checkMessages([{ body: values[0], options: values[1] }]);
        return await connect("queue", "send", 0, async () => await send.apply(this, values));
      },
  );
  replace(
    queue,
    "sendBatch",
    (sendBatch) =>
      async function (...values) {
        const messages: readonly unknown[] = Array.isArray(values[0]) ? values[0] : [];
        if (isInInvocation()) {
          checkMessages(messages.map((each) => ({ body: optionOf(each, "body"), options: each })));
        }
        return await connect("queue", "sendBatch", 0, async () => await sendBatch.apply(this, values));
      },
  );
}

// R2 and the Worker

function installR2(): void {
  const bucket: object = Object.getPrototypeOf(env.BODIES);
  for (const name of ["head", "get", "put", "delete", "list"]) {
    replace(
      bucket,
      name,
      (call) =>
        async function (...values) {
          return await connect("r2", name, 0, async () => await call.apply(this, values));
        },
    );
  }
}

function installWorker(): void {
  for (const name of ["fetch", "queue", "scheduled"]) {
    replace(
      worker,
      name,
      (handle) =>
        function (...values) {
          return asInvocation(PAID, () => handle.apply(this, values));
        },
    );
  }
}

let isInstalled = false;

/** Makes all bindings of this Worker strict. Later calls do nothing. */
export function installStrictPlatform(): void {
  if (isInstalled) return;
  isInstalled = true;
  installD1();
  installQueues();
  installR2();
  installWorker();
}

/** Makes a stand-in for the outside count as a connection. */
export async function asFetch<T>(url: string, call: () => Promise<T>): Promise<T> {
  const kind: CallKind = "fetch";
  return await connect(kind, url, 0, call);
}
