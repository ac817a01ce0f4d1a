import type { Problem } from "./generated/types.ts";
import type { Result, Success } from "./result.ts";

/** Reads and writes JSON. */
export type JsonCodec = {
  /** Throws if the text is no JSON. */
  readonly parse: (text: string) => unknown;
  readonly stringify: (value: object) => string;
};

/** How the body of a response is read. */
type Reading = "json" | "text" | "bytes" | "nothing";

/** The documented statuses of success, with how the body of each is read. */
export type Readings<S extends number> = Readonly<Record<S, Reading>>;

const decoder = new TextDecoder();

function parse(text: string, json: JsonCodec): unknown {
  try {
    return json.parse(text);
  } catch {
    return undefined;
  }
}

/** The data of a success; undefined if the body cannot be read as documented. */
function dataOf(body: Uint8Array<ArrayBuffer>, reading: Reading, json: JsonCodec): unknown {
  switch (reading) {
    case "json":
      return parse(decoder.decode(body), json);
    case "text":
      return decoder.decode(body);
    case "bytes":
      return body;
    case "nothing":
      return null;
  }
}

/** Whether a response is a success of the operation. The type of its data is not checked: the gateway guarantees it. */
function isSuccess<S extends Success<number, unknown>>(
  result: Success<number, unknown>,
  readings: Readings<S["status"]>,
): result is S {
  return Object.hasOwn(readings, result.status) && result.data !== undefined;
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  const isComplete = ["type", "title", "detail"].every((name) => typeof members.get(name) === "string");
  const errors = members.get("errors") ?? [];
  return isComplete && typeof members.get("status") === "number" && Array.isArray(errors);
}

/** Reads a response to its end. Rejects if the connection breaks. */
export async function readResponse<S extends Success<number, unknown>>(
  response: Response,
  readings: Readings<S["status"]>,
  json: JsonCodec,
): Promise<Result<S>> {
  const { status, headers } = response;
  const body = new Uint8Array(await response.arrayBuffer());
  const reading = new Map(Object.entries<Reading>(readings)).get(String(status));
  const data = reading === undefined ? undefined : dataOf(body, reading, json);
  const result = { ok: true, status, data, headers } as const;
  if (isSuccess<S>(result, readings)) return result;
  const text = decoder.decode(body);
  const isProblemType = headers.get("content-type")?.startsWith("application/problem+json") === true;
  const problem = isProblemType ? parse(text, json) : undefined;
  return isProblem(problem)
    ? { ok: false, error: { kind: "problem", status, problem, headers } }
    : { ok: false, error: { kind: "unexpected", status, text, headers } };
}
