import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import * as z from "zod/mini";
import { type Alert, type Event, type Integration, type RouteCreation, unwrap } from "../../src/client/index.ts";
import worker from "../../src/index.ts";
import { client, createDestination, createIntegration, unchecked } from "./api.ts";
import { fakeOutside } from "./world.ts";

// The whole way in the real runtime: requests go to the worker's own entry, messages to its own consumers, and only what
// leaves the gateway is caught.

export const ORIGIN = "https://gate.example.net";
const MAX_ROUNDS = 20;

const anyObject = z.record(z.string(), z.any());
type Loose = z.output<typeof anyObject>;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body where it is a JSON object, else empty. */
  readonly json: Loose;
};

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = text.startsWith("{") ? anyObject.parse(JSON.parse(text)) : {};
  return { status: response.status, headers: response.headers, text, json };
}

/** A request to the gateway as a stranger makes it. */
export async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const url = URL.canParse(path) ? path : `${ORIGIN}${path}`;
  return await answerOf(await exports.default.fetch(new Request(url, { redirect: "manual", ...init })));
}

export type Sending = {
  readonly method?: string;
  /** With its question mark. */
  readonly query?: string;
  /** `null` sends none. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the integration's address. */
  readonly path?: string;
};

/** One integration that is set up, and what came of what was sent to it. */
export type Line = {
  readonly id: string;
  /** The integration as its creation was answered. */
  readonly created: Integration;
  /** Sends text and bytes as they are, anything else as JSON; then has the consumers take what was queued. */
  readonly send: (body?: unknown, how?: Sending) => Promise<Answer>;
  /** Oldest first. */
  readonly events: () => Promise<Event[]>;
  readonly alerts: () => Promise<Alert[]>;
  readonly delivered: () => Loose[];
};

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function requestOf(body: unknown, { method, type, headers = {} }: Sending): RequestInit {
  if (body === undefined) return { method: method ?? "POST", headers };
  const contentType = type === undefined ? "application/json" : type;
  const named = contentType === null ? headers : { "content-type": contentType, ...headers };
  return { method: method ?? "POST", headers: named, body: bytesOf(body) };
}

type Held = { readonly queue: string; readonly bodies: unknown[] };

/** Keeps what is sent to a queue from the runtime's own consumer, which would run beside the test. */
function hold(queue: string, producer: Queue): Held {
  const held: Held = { queue, bodies: [] };
  const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } };
  const keep = (body: unknown): unknown => held.bodies.push(JSON.parse(JSON.stringify(body)));
  vi.spyOn(producer, "send").mockImplementation((body) => {
    keep(body);
    return Promise.resolve({ metadata });
  });
  vi.spyOn(producer, "sendBatch").mockImplementation((messages) => {
    for (const { body } of messages) keep(body);
    return Promise.resolve({ metadata });
  });
  return held;
}

let rounds = 0;

async function consume({ queue, bodies }: Held): Promise<void> {
  rounds += 1;
  const messages = bodies.splice(0, 100).map((body, place) => {
    return { id: `${rounds}-${place}`, timestamp: new Date(), attempts: 1, body };
  });
  const batch = createMessageBatch(queue, messages);
  const ctx = createExecutionContext();
  await worker.queue(batch, env, ctx);
  await waitOnExecutionContext(ctx);
  const result = await getQueueResult(batch, ctx);
  if (result.explicitAcks.length !== messages.length)
    throw new Error(`not all acknowledged: ${JSON.stringify(result)}`);
}

/** A gateway with a destination that every event of every integration goes to. */
export type Gateway = {
  readonly open: (type: string, options?: object, more?: object) => Promise<Line>;
  /** Has the consumers take all that is queued, and what that puts into a queue. */
  readonly drain: () => Promise<void>;
};

/** Sets a gateway up; its route takes what routes take unless they name types, or the types that are named. */
export async function openGateway(
  eventTypes: Exclude<RouteCreation["event_types"], undefined> = null,
): Promise<Gateway> {
  const held = [hold("hookgate-events", env.EVENTS), hold("hookgate-deliveries", env.DELIVERIES)];
  const seen = fakeOutside();
  const url = "https://receiver.example.com/in";
  const { id: destinationId } = await createDestination({ url });
  unwrap(await client.routes.create({ name: "all", destination_ids: [destinationId], event_types: eventTypes }));

  async function drain(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const full = held.find(({ bodies }) => bodies.length > 0);
      if (full === undefined) return;
      await consume(full);
    }
    throw new Error("the queues do not run empty");
  }

  async function open(type: string, options: object = {}, more: object = {}): Promise<Line> {
    const created = await createIntegration(unchecked({ name: "Night watch", type, options, ...more }));
    const { id } = created;
    return {
      id,
      created,
      async send(body, how = {}) {
        const answer = await call(`${how.path ?? `/integration/${id}`}${how.query ?? ""}`, requestOf(body, how));
        await drain();
        return answer;
      },
      events: async () => unwrap(await client.events.list({ integration_id: id, limit: 250 })).data.toReversed(),
      alerts: async () => unwrap(await client.alerts.list({ integration_id: id, limit: 250 })).data.toReversed(),
      delivered: () =>
        seen
          .filter((request) => request.url === url)
          .map(({ body }) => anyObject.parse(JSON.parse(body)))
          .filter(({ data }) => data.event.integration_id === id),
    };
  }
  return { open, drain };
}

/** One line of a gateway of its own. */
export async function openLine(type: string, options: object = {}, more: object = {}): Promise<Line> {
  return await (await openGateway()).open(type, options, more);
}

/** The paths of the fields that an answer finds wrong. */
export function faultsOf({ json }: Answer): string[] {
  const errors = z.array(z.object({ path: z.string(), message: z.string() })).parse(json["errors"]);
  return errors.map(({ path }) => path);
}

/** The value of a property in each of some objects. */
export function pluck(rows: readonly Loose[], name: string): unknown[] {
  return rows.map((row) => row[name]);
}
