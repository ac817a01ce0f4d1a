import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../src/delivery/presets/catalogue/index.ts";
import type { PresetData } from "../../../src/delivery/presets/data/preset-data.ts";
import { notificationContentOf } from "../../../src/delivery/presets/notification-content.ts";
import { type PresetRequest, type Skipped, writeJson } from "../../../src/delivery/presets/preset.ts";
import { PRESETS, type PresetName } from "../../../src/delivery/presets/registry.ts";
import type { AlertSnapshot } from "../../../src/model/alert.ts";
import { type Captured, NOTHING_CAPTURED, captureFrom } from "../../../src/model/captured.ts";
import type { MessageType } from "../../../src/model/event.ts";
import { presetFixture } from "../../support/preset-fixtures.ts";
import { ALERT, eventOf } from "./events.ts";
import { HOSTILE, alertSaying } from "./hostile.ts";
import { TICKET_VENDORS, type TicketVendor } from "./vendors/follow-ups.ts";
import { VENDORS } from "./vendors/index.ts";
import { refusals, textAt } from "./vendors/receive.ts";

const NAMES = Object.keys(TICKET_VENDORS).filter((name): name is PresetName => Object.hasOwn(PRESETS, name));

type Options = Readonly<Record<string, string>>;

function vendorOf(name: PresetName): TicketVendor {
  const vendor = TICKET_VENDORS[name];
  if (vendor === undefined) throw new Error(`no vendor ${name}`);
  return vendor;
}

async function send(
  name: PresetName,
  type: MessageType,
  captured: Captured = NOTHING_CAPTURED,
  { alert = ALERT, options, url }: { alert?: AlertSnapshot; options?: Options; url?: string } = {},
): Promise<PresetRequest | Skipped> {
  const fixture = presetFixture(name);
  const status = type === "alert.resolved" ? "resolved" : "open";
  const content = await notificationContentOf(eventOf(type, { ...alert, status }));
  if (!content.ok) throw new Error(content.error);
  return PRESETS[name].render(content.value, options ?? fixture.options, url ?? fixture.url, captured);
}

/** What the vendor does with a request about a ticket, or what it refuses. */
async function receive(name: PresetName, sent: PresetRequest | Skipped): Promise<string> {
  if ("skipped" in sent) return "skipped";
  const { id, rules } = vendorOf(name);
  const request = { ...sent, text: writeJson(sent.body) };
  const refused: string[] = [];
  for (const { what, method, url, body, markup = {}, id_at } of rules) {
    const exact = new RegExp(`^${RegExp.escape(url).replace("ID", RegExp.escape(id))}$`);
    const faults = await refusals({ method, url: exact, body, markup, cut: {} }, request, "https://none.example/");
    const isOther = id_at !== undefined && textAt(JSON.parse(request.text), id_at) !== id;
    if (faults.length === 0 && !isOther) return what;
    refused.push(...faults);
  }
  return refused.join("\n");
}

/** What the request of `created` captures from the vendor's response. */
async function made(name: PresetName): Promise<Captured> {
  const sent = await send(name, "alert.created");
  if ("skipped" in sent || sent.capture === undefined) throw new Error("nothing is captured");
  const { id, made: response } = vendorOf(name);
  return captureFrom(JSON.stringify(response(id)), sent.capture);
}

it("every preset of tickets with follow-ups has a vendor", () => {
  const remembering = Object.entries<PresetData>(CATALOGUE).flatMap(([name, { ticket }]) => (ticket ? [name] : []));
  expect(NAMES.toSorted()).toEqual(remembering.toSorted());
});

describe.each(NAMES)("a ticket in %s", (name) => {
  it("is made, commented on and closed", async () => {
    const captured = await made(name);
    const vendor = VENDORS[name];
    if (vendor === undefined) throw new Error("no vendor");
    const created = await send(name, "alert.created");
    if ("skipped" in created) throw new Error(created.skipped);
    const request = { ...created, text: writeJson(created.body) };
    expect(await refusals(vendor, request, presetFixture(name).url)).toEqual([]);
    expect(await receive(name, await send(name, "alert.updated", captured))).toBe("comment");
    expect(await receive(name, await send(name, "alert.repeated", captured))).toBe("comment");
    expect(await receive(name, await send(name, "alert.acknowledged", captured))).toBe("comment");
    expect(await receive(name, await send(name, "alert.resolved", captured))).toBe("close");
  });

  it("is commented on where the options do not say how it is closed", async () => {
    const captured = await made(name);
    const { options } = presetFixture(name);
    const needs = Object.entries(PRESETS[name].options).filter(([, { required }]) => required);
    const required = Object.fromEntries(needs.map(([option]) => [option, options[option] ?? ""]));
    const isClosable = needs.length === Object.keys(options).length;
    const sent = await send(name, "alert.resolved", captured, { options: required });
    expect(await receive(name, sent)).toBe(isClosable ? "close" : "comment");
  });

  it("is left alone if the destination has not made it", async () => {
    for (const type of ["alert.updated", "alert.acknowledged", "alert.resolved"] as const) {
      expect(await send(name, type)).toEqual({ skipped: expect.stringContaining("has made nothing") });
    }
  });

  it("is not mistaken for another one", async () => {
    const captured = await made(name);
    const others = Object.fromEntries(Object.keys(captured).map((key) => [key, "9999"]));
    expect(await receive(name, await send(name, "alert.resolved", others))).not.toBe("close");
    for (const value of ["..", ".", "a/../.."]) {
      const climbing = Object.fromEntries(Object.keys(captured).map((key) => [key, value]));
      expect(await send(name, "alert.resolved", climbing)).toHaveProperty("skipped");
    }
  });

  it.each([HOSTILE, "x".repeat(90_000), "漢".repeat(70_000), "*".repeat(70_000)])(
    "accepts texts of hostile and lengthy senders in comments",
    async (text) => {
      const captured = await made(name);
      const alert = alertSaying(text);
      expect(await receive(name, await send(name, "alert.updated", captured, { alert }))).toBe("comment");
      expect(await receive(name, await send(name, "alert.resolved", captured, { alert }))).toBe("close");
    },
  );

  it("is found at the same place if the destination's URL has the path already", async () => {
    const captured = await made(name);
    const created = await send(name, "alert.created");
    if ("skipped" in created || created.url === undefined) throw new Error("no address");
    const sent = await send(name, "alert.updated", captured, { url: created.url });
    // A request to the URL itself has none of its own.
    expect(await receive(name, "skipped" in sent ? sent : { ...sent, url: sent.url ?? created.url })).toBe("comment");
  });
});

it("an option that is a part of a path is no way to another one", () => {
  const { repository, owner } = PRESETS["github-issues"].options;
  const { project } = PRESETS["gitlab-issues"].options;
  for (const bad of [".", ".."]) {
    expect(repository?.schema().safeParse(bad).success).toBe(false);
    expect(owner?.schema().safeParse(bad).success).toBe(false);
  }
  for (const bad of ["..", "a/..", "../a", "a/./b"]) expect(project?.schema().safeParse(bad).success).toBe(false);
  for (const good of ["a.b", "..a", "acme/shop.js"]) expect(project?.schema().safeParse(good).success).toBe(true);
});
