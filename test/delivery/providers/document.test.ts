import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { makeAttempt } from "../../../src/delivery/attempts/attempt.ts";
import type { Sent } from "../../../src/delivery/request/send.ts";
import { cleanKey } from "../../../src/delivery/providers/document-key.ts";
import type { Payload } from "../../../src/model/destination.ts";
import { ok } from "../../../src/model/result.ts";
import { destinationWith } from "../../support/configuration.ts";
import { createWorld } from "../../support/world.ts";
import { DESTINATION_ID, eventWith, sendTo } from "./stand.ts";

const FOLDER = `documents/${DESTINATION_ID}/`;
const TEXT: Payload = {
  mode: "template",
  content_type: "text/plain; charset=utf-8",
  body: "{{ data.alert.title }} on {{ Host }}",
};

async function write(key: string, event = eventWith({ Host: "db-1" }), payload: Payload = TEXT): Promise<Sent> {
  return await sendTo({ type: "document", options: { key }, payload }, event);
}

async function keys(): Promise<string[]> {
  return (await env.BODIES.list()).objects.map((object) => object.key);
}

async function textAt(key: string): Promise<string | undefined> {
  return await (await env.BODIES.get(FOLDER + key))?.text();
}

describe("a document", () => {
  it("is the destination's payload, under the key that a template gives, with its content type", async () => {
    const sent = await write("alerts/{{ data.alert.key }}/{{ Host }}-{{ data.event.id }}.txt");
    expect(sent).toMatchObject({ outcome: { kind: "stored" }, error: null, response_body: null });
    const key = "alerts/disk-1/db-1-evt_0000000000000000000000000005.txt";
    expect(await keys()).toEqual([FOLDER + key]);
    expect(await textAt(key)).toBe("Disk full on db-1");
    const object = await env.BODIES.head(FOLDER + key);
    expect(object?.httpMetadata?.contentType).toBe("text/plain; charset=utf-8");
    expect(object?.customMetadata).toEqual({ event_id: "evt_0000000000000000000000000005", delivery_id: "dlv_1" });
  });

  it("replaces the one with the same key, but not that of a newer event", async () => {
    const at = (id: string, Host: string) => eventWith({ Host }, { id: `evt_000000000000000000000000000${id}` });
    await write("{{ data.alert.key }}.txt", at("5", "first"));
    await write("{{ data.alert.key }}.txt", at("5", "again"));
    expect(await textAt("disk-1.txt")).toBe("Disk full on again");
    await write("{{ data.alert.key }}.txt", at("7", "newer"));
    expect((await write("{{ data.alert.key }}.txt", at("6", "late"))).outcome).toEqual({ kind: "stored" });
    expect(await textAt("disk-1.txt")).toBe("Disk full on newer");
    expect(await keys()).toHaveLength(1);
  });

  it("is that of the newest event, in whatever order and however many at once they are written", async () => {
    const ids = ["3", "1", "4", "2"];
    await Promise.all(
      ids.map((id) => write("same.txt", eventWith({ Host: id }, { id: `evt_000000000000000000000000000${id}` }))),
    );
    expect(await textAt("same.txt")).toBe("Disk full on 4");
  });

  it("of a test goes into a folder of its own", async () => {
    await write("{{ data.alert.key }}.txt");
    await write("{{ data.alert.key }}.txt", eventWith({ Host: "none" }, { type: "test" }));
    expect(await keys()).toEqual([`${FOLDER}disk-1.txt`, `${FOLDER}test/disk-1.txt`]);
    const older = eventWith({ Host: "older" }, { type: "test", id: "evt_0000000000000000000000000001" });
    await write("{{ data.alert.key }}.txt", older);
    expect(await textAt("test/disk-1.txt")).toBe("Disk full on older");
    expect(await textAt("disk-1.txt")).toBe("Disk full on db-1");
  });

  it("cannot leave its destination's folder, whatever a sender sends", async () => {
    await env.BODIES.put("events/evt_1", "kept");
    for (const Host of ["../../events/evt_1", "/events/evt_1", "..", "./../x", "\u0000", "a//b", "%2e%2e/x"]) {
      expect((await write("{{ Host }}/x.txt", eventWith({ Host }))).error).toBeNull();
    }
    expect(await (await env.BODIES.get("events/evt_1"))?.text()).toBe("kept");
    const written = (await keys()).filter((key) => key !== "events/evt_1");
    expect(written.filter((key) => !key.startsWith(FOLDER) || /\/\/|\/\.\.?\/|\/$/.test(key))).toEqual([]);
    expect(written).toContain(`${FOLDER}__/__/events/evt_1/x.txt`);
  });

  it("has a key of plain names only, however it is made", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const key = cleanKey(text);
        if (key === "") return;
        for (const part of key.split("/")) {
          expect(part).toMatch(/^(?!\.{1,2}$)[^/\p{Cc}]+$/u);
          expect(part.trim()).toBe(part);
        }
        expect(key.isWellFormed()).toBe(true);
        expect(cleanKey(key)).toBe(key);
      }),
    );
  });

  it("without a key, or with one that is too long, is not written, and says so", async () => {
    const longest = 1024 - FOLDER.length;
    expect(await write("{{ Host }}", eventWith({ Host: "" }))).toMatchObject({
      outcome: { kind: "refused" },
      error: "The template of the document's key gives an empty text for this event.",
    });
    expect((await write("{{ Host }}", eventWith({ Host: "é".repeat(longest) }))).error).toContain("1,024 bytes");
    expect((await write("{{ Host }}", eventWith({ Host: "x".repeat(longest + 1) }))).outcome.kind).toBe("refused");
    expect(await keys()).toEqual([]);
    expect((await write("{{ Host }}", eventWith({ Host: "x".repeat(longest) }))).outcome.kind).toBe("stored");
    const test = eventWith({ Host: "x".repeat(longest) }, { type: "test" });
    expect((await write("{{ Host }}", test)).outcome.kind).toBe("refused");
  });

  it("does not take over a content type that could not be sent as a header", async () => {
    const odd = { "content-type": `text/html; x="${"é".repeat(400)}"` };
    await write("a", eventWith("<b>", {}, { headers: odd }), { mode: "original" });
    expect((await env.BODIES.head(`${FOLDER}a`))?.httpMetadata?.contentType).toBe("application/octet-stream");
  });

  it("goes into the bucket DOCUMENTS where one is bound", async () => {
    const put = vi.fn((..._args: readonly unknown[]) => Promise.resolve({}));
    const bucket = { put, head: () => Promise.resolve(null), get: () => null, list: () => null };
    const options = { key: "a.txt" };
    const sent = await sendTo({ type: "document", options, payload: TEXT }, eventWith({}), { DOCUMENTS: bucket });
    expect(sent.outcome).toEqual({ kind: "stored" });
    expect(put.mock.calls[0]?.[0]).toBe(`${FOLDER}a.txt`);
    expect(await keys()).toEqual([]);
  });

  it("that R2 does not take is a failed attempt, told in our own words", async () => {
    const fail = () => Promise.reject(new Error("internal secret"));
    const options = { key: "a.txt" };
    const bucket = { put: fail, head: fail, get: fail, list: fail };
    const sent = await sendTo({ type: "document", options, payload: TEXT }, eventWith({}), { DOCUMENTS: bucket });
    expect(sent).toMatchObject({ outcome: { kind: "failed" }, error: "The document could not be written to R2." });
  });
});

it("a delivery of a document is one attempt without a status and without an error", async () => {
  const options = { key: "a.txt" };
  const destination = destinationWith({ id: DESTINATION_ID, type: "document", url: "", options });
  const order = { delivery_id: "dlv_1", destination, number: 1, event: eventWith({}) };
  const body = ok({ bytes: new TextEncoder().encode("text"), content_type: "text/plain" });
  expect(await makeAttempt(createWorld().context, { ...order, body })).toMatchObject({
    attempt: { number: 1, status: null, response_body: null, error: null },
    decision: { kind: "delivered" },
  });
  expect(await textAt("a.txt")).toBe("text");
});
