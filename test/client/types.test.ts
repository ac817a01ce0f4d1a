import { describe, expectTypeOf, it } from "vitest";
import type {
  AlertSnapshot,
  Client,
  Destination,
  Envelope,
  Event,
  Failure,
  Integration,
  MessageType,
  Replay,
  ReplayEstimate,
  RevealedDestination,
} from "../../src/client/index.ts";
import type { AlertSnapshot as SnapshotOfModel } from "../../src/model/alert.ts";
import type { MessageType as TypeOfModel } from "../../src/model/event.ts";

// Nothing here runs: the type check is the test. A line below `@ts-expect-error` that compiles is an error.

type Data<P> = Extract<Awaited<P>, { readonly ok: true }> extends { readonly data: infer T } ? T : never;

const calls = (client: Client) => ({
  created: () => client.integrations.create({ name: "a", type: "catch", options: { fan_out: false } }),
  destination: () => client.destinations.create({ name: "a", url: "https://example.com" }, { idempotency_key: "k" }),
  replay: () => client.replays.create({ filter: { status: "dead" } }),
  deleted: () => client.routes.delete("rte_1"),
  document: () => client.destinations.documents.get("dst_1", "k"),
  events: () => client.events.all({ type: "alert.created" }),
});
type Calls = ReturnType<typeof calls>;
type DataOf<N extends keyof Calls> = Data<ReturnType<Calls[N]>>;

const misuses = (client: Client) => [
  // @ts-expect-error: `type` is missing
  () => client.integrations.create({ name: "a" }),
  // @ts-expect-error: no integration has this type
  () => client.integrations.create({ name: "a", type: "telepathy" }),
  // @ts-expect-error: no such field
  () => client.integrations.create({ name: "a", type: "catch", surprise: true }),
  // @ts-expect-error: no such option
  () => client.integrations.create({ name: "a", type: "catch", options: { fan_in: true } }),
  // @ts-expect-error: a webhook needs a URL
  () => client.destinations.create({ name: "a" }),
  // @ts-expect-error: a URL is a string
  () => client.destinations.create({ name: "a", url: new URL("https://example.com") }),
  // @ts-expect-error: no such field
  () => client.destinations.update("dst_1", { enabeld: false }),
  // @ts-expect-error: a PATCH takes no idempotency key
  () => client.routes.update("rte_1", { name: "a" }, { idempotency_key: "k" }),
  // @ts-expect-error: no such filter
  () => client.deliveries.list({ state: "dead" }),
  // @ts-expect-error: no delivery has this status
  () => client.deliveries.list({ status: "lost" }),
  // @ts-expect-error: an id is a string
  () => client.events.get(5),
  // @ts-expect-error: no such operation
  () => client.deliveries.create({}),
  // @ts-expect-error: no such resource
  () => client.webhooks.list(),
  // @ts-expect-error: rule sets come in one page
  () => client.ruleSets.pages(),
  async () => {
    const result = await client.events.get("evt_1");
    // @ts-expect-error: a failure has no data, so success must be checked first
    return result.data;
  },
];

describe("the types", () => {
  it("of data are those of the document", () => {
    expectTypeOf<DataOf<"created">>().toEqualTypeOf<Integration>();
    expectTypeOf<DataOf<"destination">>().toEqualTypeOf<RevealedDestination>();
    expectTypeOf<DataOf<"deleted">>().toEqualTypeOf<null>();
    expectTypeOf<DataOf<"document">>().toEqualTypeOf<Uint8Array<ArrayBuffer>>();
    expectTypeOf<ReturnType<Calls["events"]>>().toEqualTypeOf<AsyncGenerator<Event, void, void>>();
    expectTypeOf<Destination["health"]["status"]>().toBeString();
  });

  it("tell the responses of one operation apart by their status", () => {
    type Answer = Extract<Awaited<ReturnType<Calls["replay"]>>, { readonly ok: true }>;
    expectTypeOf<Extract<Answer, { readonly status: 200 }>["data"]>().toEqualTypeOf<ReplayEstimate>();
    expectTypeOf<Extract<Answer, { readonly status: 201 }>["data"]>().toEqualTypeOf<Replay>();
  });

  it("of a failure are a closed union", () => {
    type Failed = Extract<Awaited<ReturnType<Calls["deleted"]>>, { readonly ok: false }>;
    expectTypeOf<Failed["error"]>().toEqualTypeOf<Failure>();
    expectTypeOf<Failure["kind"]>().toEqualTypeOf<"problem" | "network" | "unexpected">();
  });

  it("of an envelope are those of what the gateway sends", () => {
    expectTypeOf<MessageType>().toEqualTypeOf<TypeOfModel>();
    expectTypeOf<AlertSnapshot>().toExtend<SnapshotOfModel>();
    expectTypeOf<SnapshotOfModel>().toExtend<AlertSnapshot>();
    type Opened = Extract<Envelope, { readonly type: "alert.created" }>;
    expectTypeOf<Opened["data"]["alert"]["urgency"]>().toEqualTypeOf<SnapshotOfModel["urgency"]>();
    type Group = Extract<Envelope, { readonly type: "event.group" }>;
    expectTypeOf<Group["data"]["occurrences"]>().toBeNumber();
  });

  it("refuse what the API refuses", () => {
    expectTypeOf(misuses).returns.toBeArray();
  });
});
