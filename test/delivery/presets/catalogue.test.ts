import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../src/delivery/presets/catalogue/index.ts";
import type { PresetData } from "../../../src/delivery/presets/data/preset-data.ts";
import { momentOf } from "../../../src/delivery/presets/data/values.ts";
import { notificationContentOf } from "../../../src/delivery/presets/notification-content.ts";
import type { AlertSnapshot } from "../../../src/model/alert.ts";
import { MESSAGE_TYPES, type MessageType } from "../../../src/model/event.ts";
import { namesIn } from "../../../src/model/registry.ts";
import { presetFixture } from "../../support/preset-fixtures.ts";
import { ALERT, eventOf, sentBy } from "./events.ts";
import { HOSTILE, alertSaying } from "./hostile.ts";
import { VENDORS } from "./vendors/index.ts";
import { bodyFor, momentsOf, refusals, textAt } from "./vendors/receive.ts";
import type { Vendor } from "./vendors/vendor.ts";

const NAMES = namesIn<keyof typeof CATALOGUE>(CATALOGUE);
type Name = (typeof NAMES)[number];

const GROUP = { group: "g", integration_id: "int_1", occurrences: 12, event_ids: ["evt_1"], attributes: {} };
const PAYLOADS = ['{"a":1}', "[]", "12345678901234567890", JSON.stringify(GROUP)];
/** Texts that are longer than every limit: plain, escaped by a vendor, of three and of four bytes, and hostile. */
const LONG = ["x", "*", "&", "`", '"', "@", "/", "\n#", "漢", "😀", HOSTILE];

function vendorOf(name: Name): Vendor {
  const vendor = VENDORS[name];
  if (vendor === undefined) throw new Error(`test/delivery/presets/vendors has no ${name}`);
  return vendor;
}

/** What the vendor refuses about the message for an event; null if nothing is sent. */
async function refusedBy(name: Name, type: MessageType, alert: AlertSnapshot | null, payload?: string) {
  const { url, options } = presetFixture(name);
  const sent = await sentBy(name, eventOf(type, alert, payload), options, url);
  return "skipped" in sent ? null : await refusals(vendorOf(name), sent, url);
}

describe.each(NAMES)("the vendor of %s", (name) => {
  const vendor = vendorOf(name);
  const { url, options } = presetFixture(name);

  it("accepts every type of message, and gets none that it has no use for", async () => {
    for (const type of MESSAGE_TYPES) {
      for (const alert of [ALERT, null]) {
        for (const payload of PAYLOADS) {
          const content = await notificationContentOf(eventOf(type, alert, payload));
          if (!content.ok) throw new Error(content.error);
          const isSent = momentsOf(vendor).includes(momentOf(content.value));
          expect([type, payload, await refusedBy(name, type, alert, payload)]).toEqual([
            type,
            payload,
            isSent ? [] : null,
          ]);
        }
      }
    }
  });

  it("accepts what a hostile sender writes, which is no markup", async () => {
    const payload = JSON.stringify({
      title: HOSTILE,
      message: `${HOSTILE}!`,
      url: `https://evil.example/|>${HOSTILE}`,
    });
    expect(await refusedBy(name, "alert.created", alertSaying(HOSTILE), payload)).toEqual([]);
    expect(await refusedBy(name, "event.received", null, payload)).toEqual([]);
    expect(await refusedBy(name, "test", null, payload)).toEqual([]);
  });

  it.each(LONG)("accepts texts that are too long, of %j", async (part) => {
    const text = part.repeat(Math.ceil(70_000 / part.length));
    const alert = { ...alertSaying(text), tags: Array.from({ length: 300 }, (_, n) => `${n}${text.slice(0, 900)}`) };
    expect(await refusedBy(name, "alert.created", alert)).toEqual([]);
  });

  it("gets texts that are cut exactly at their limits", async () => {
    // Without other texts, so that only this one is too long.
    const alert = alertSaying("x".repeat(90_000));
    const sent = await sentBy(name, eventOf("alert.created", alert), options, url);
    if ("skipped" in sent) throw new Error(sent.skipped);
    const body = await bodyFor(vendor, sent);
    for (const [place, limit] of Object.entries(vendor.cut)) {
      const text = textAt(body, place);
      const size = vendor.unit === "bytes" ? new TextEncoder().encode(text).byteLength : text.length;
      expect([place, size]).toEqual([place, limit]);
    }
  });

  it("refuses another body, so that its rules are tested", async () => {
    const sent = await sentBy(name, eventOf("alert.created"), options, url);
    if ("skipped" in sent) throw new Error(sent.skipped);
    const request = { ...sent, text: JSON.stringify({ nothing: "of this" }) };
    const refused = await refusals(vendor, request, url).catch(() => ["it cannot be read"]);
    expect(refused).not.toEqual([]);
    expect(await refusals(vendor, { ...sent, method: "GET" }, "https://other.example/")).not.toEqual([]);
  });

  it("has the address and the options of its examples", () => {
    const data: PresetData = CATALOGUE[name];
    expect(data.address.matches.test(url)).toBe(true);
    expect(data.address.matches.test("http://")).toBe(false);
    for (const { matches, example } of Object.values(data.options)) {
      expect([example, matches.test(example)]).toEqual([example, true]);
      // Options are in addresses and headers.
      for (const bad of ["", "a\r\nb", "a\u0000", "a\ud800"]) expect(matches.test(bad)).toBe(false);
    }
    expect(new URL(data.source).protocol).toBe("https:");
  });
});
