import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { EventMessage } from "../../../src/model/event.ts";
import { INTEGRATION_TYPES } from "../../../src/sources/registry.ts";
import { RULE_SETS } from "../../../src/sources/rules/sets/index.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { eventsIn, post } from "../../support/posting.ts";
import { runs } from "../../support/runs.ts";
import { stepsOfWaiting } from "../../support/work-meter.ts";
import { tables } from "../../support/tables.ts";
import { type Body, HUGE, anyBody, randomBody } from "./senders.ts";

const OWN_TYPES = INTEGRATION_TYPES.filter((type) => type !== "rules");
const TYPES = [...OWN_TYPES, "raw", ...[...RULE_SETS.keys()].map((name) => `rules-${name}`)];

function settingsOf(name: string): {
  readonly type: string;
  readonly options: Readonly<Record<string, string | boolean>>;
} {
  if (name === "raw") return { type: "catch", options: { raw: true } };
  if (name.startsWith("rules-")) return { type: "rules", options: { rule_set: name.slice("rules-".length) } };
  return { type: name, options: {} };
}

const idOf = (name: string): string => `int_${TYPES.indexOf(name)}`;

async function insert(types: readonly string[]): Promise<void> {
  for (const name of types) await tables.integrations.insert({ id: idOf(name), ...settingsOf(name) });
}

const { queue, sent } = fakeQueue();
const bindings = bindingsWith({ EVENTS: queue, ACCEPT_DURABILITY: "queue" });

const MAX_INLINE = 20_000;

type Outcome = { readonly status: number; readonly count: number; readonly messages: readonly EventMessage[] };

/** Sends a body that has a size when it is decoded. */
async function send(type: string, body: Body, coding = "", size = body.bytes.byteLength): Promise<Outcome> {
  const { bytes, type: contentType } = body;
  sent.length = 0;
  const headers = { "content-type": contentType, ...(coding === "" ? {} : { "content-encoding": coding }) };
  const response = await post(bindings, `/integration/${idOf(type)}`, { headers, body: bytes });
  await response.body?.cancel();
  // A larger event is in the bucket.
  return { status: response.status, count: sent.length, messages: size > MAX_INLINE ? [] : eventsIn(sent) };
}

function bytesOf({ content: { request } }: EventMessage): Uint8Array {
  return request.body_encoding === "base64"
    ? Uint8Array.fromBase64(request.body)
    : new TextEncoder().encode(request.body);
}

/** What a body may contain that cannot be stored in every place: U+FFFD stands for it there, or the sender wrote that itself. */
const UNSTORABLE = /\\u0000|%00|\\ud[89a-f]|\u00ef\u00bf\u00bd|%ef%bf%bd/i;

/** Returns what is kept of an event without the key of its alert, in which a zero byte is replaced. */
function keptOf({ content: { signal, ...rest } }: EventMessage, bytes: Uint8Array): string {
  return JSON.stringify(bytes.includes(0) ? rest : { signal, ...rest });
}

function isStorable(bytes: Uint8Array): boolean {
  return !UNSTORABLE.test(new TextDecoder("latin1").decode(bytes));
}

const anyType = fc.constantFrom(...TYPES);

async function compress(bytes: Uint8Array<ArrayBuffer>, format: "gzip" | "deflate"): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe("a body in any encoding, to any type of integration", () => {
  beforeEach(() => insert(TYPES));

  it("is accepted as it is, or refused with a reason; nothing is replaced in silence", async () => {
    await fc.assert(
      fc.asyncProperty(anyType, fc.oneof(anyBody, randomBody), async (type, body) => {
        const { status, messages } = await send(type, body);
        expect([200, 400]).toContain(status);
        if (status === 400) expect(sent).toEqual([]);
        for (const message of messages) {
          if (messages.length === 1) expect(bytesOf(message)).toEqual(body.bytes);
          if (isStorable(body.bytes)) expect(keptOf(message, body.bytes)).not.toContain("\ufffd");
        }
      }),
      { numRuns: runs(4_000) },
    );
  });

  it("means the same compressed, and is refused if that is cut off or changed", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyType,
        anyBody,
        fc.constantFrom("gzip", "deflate"),
        fc.nat(),
        async (type, body, format, at) => {
          const coded = await compress(body.bytes, format);
          const plain = await send(type, body);
          const whole = await send(type, { ...body, bytes: coded }, format, body.bytes.byteLength);
          expect([whole.status, whole.count]).toEqual([plain.status, plain.count]);
          for (const message of whole.messages.slice(0, 1)) expect(bytesOf(message)).toEqual(body.bytes);
          const torn = await send(type, { ...body, bytes: coded.slice(0, 1 + (at % (coded.length - 1))) }, format);
          expect([torn.status, sent]).toEqual([400, []]);
          expect(
            (await send(type, { ...body, bytes: new Uint8Array(coded.map((byte) => byte ^ 0x55)) }, format)).status,
          ).toBe(400);
        },
      ),
      { numRuns: runs(600) },
    );
  });
});

describe("a body that would be costly to read", () => {
  const types = ["catch", "raw", "pagertree", "thousandeyes", "rules-alertmanager"];
  beforeEach(() => insert(types));

  it.each(HUGE)("is accepted or refused: %s", async (_, make) => {
    const body = make();
    for (const type of types) {
      const headers = { "content-type": body.type };
      const response = await post(bindings, `/integration/${idOf(type)}`, { headers, body: body.bytes });
      await response.body?.cancel();
      expect([200, 400]).toContain(response.status);
      expect(sent.length).toBeLessThanOrEqual(501);
      sent.length = 0;
    }
  });

  /** For each byte of the body as it is decompressed. Half of these are for D1 and the queue of the test. */
  const STEPS_PER_BYTE = 100;
  const FREE_STEPS = 300_000;

  it.each(HUGE)("takes steps in proportion to its size, compressed, cut off or as it is: %s", async (_, make) => {
    const body = make();
    const coded = await compress(body.bytes, "gzip");
    const torn = coded.slice(0, Math.floor((coded.byteLength * 3) / 4));
    const bound = FREE_STEPS + STEPS_PER_BYTE * body.bytes.byteLength;
    for (const type of types) {
      for (const [bytes, coding] of [
        [body.bytes, ""],
        [coded, "gzip"],
        [torn, "gzip"],
      ] as const) {
        const steps = await stepsOfWaiting(() => send(type, { ...body, bytes }, coding, body.bytes.byteLength));
        expect(steps, `${type} ${coding}`).toBeLessThanOrEqual(bound);
      }
    }
  });
});
