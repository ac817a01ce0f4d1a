import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../src/delivery/presets/catalogue/index.ts";
import { PRESET_NAMES, type PresetName } from "../../../src/delivery/presets/registry.ts";
import { MESSAGE_TYPES } from "../../../src/model/event.ts";
import { isJsonObject } from "../../../src/model/json.ts";
import { ALERT, type Shown, eventOf, render, textsIn } from "./events.ts";
import { HOSTILE, alertSaying } from "./hostile.ts";

const UNSEEN = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
/** The presets whose messages contain only our text and the sender's cleaned text. */
const CHATS: readonly PresetName[] = ["slack", "discord", "teams", "google-chat", "telegram"];

/** The presets that are no data. catalogue.test.ts has the others. */
const WRITTEN = PRESET_NAMES.filter((name) => !Object.hasOwn(CATALOGUE, name));

async function renderHostile(preset: PresetName, text = HOSTILE): Promise<Shown[]> {
  const payload = JSON.stringify({ title: text, message: `${text}!`, url: `https://evil.example/|>${text}` });
  return [
    await render(preset, eventOf("alert.created", alertSaying(text), payload)),
    await render(preset, eventOf("event.received", null, payload)),
    await render(preset, eventOf("test", null, payload)),
  ];
}

describe("what a sender writes", () => {
  it.each(WRITTEN)("leaves no broken text in a body (%s)", async (preset) => {
    for (const { text } of await renderHostile(preset)) {
      expect(text).not.toMatch(/\\ud[89a-f]/);
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
    }
  });

  it.each(CHATS)("leaves nothing that cannot be seen in a message (%s)", async (preset) => {
    for (const { body } of await renderHostile(preset)) {
      for (const text of textsIn(body)) expect(text).not.toMatch(UNSEEN);
    }
  });

  it("is no mention and no link of its own in Slack", async () => {
    for (const { body } of await renderHostile("slack")) {
      for (const text of textsIn(body)) {
        // The only markup is our own link, and a sender's text cannot extend it.
        if (text.startsWith("<")) expect(text).toMatch(/^<https:\/\/evil\.example\/[^<>|]*\|Open on evil\.example>$/);
        else expect(text).not.toMatch(/[<>]/);
      }
    }
  });

  it("is no mention and no markup in Discord", async () => {
    for (const { body } of await renderHostile("discord")) {
      expect(body.allowed_mentions).toEqual({ parse: [] });
      const [{ title, description, fields }] = body.embeds;
      for (const text of textsIn([title, description ?? "", fields])) {
        expect(text).not.toMatch(/@(?:everyone|here|U)/);
        expect(text.replace(/\\./g, "").replace(/https:\/\/\S+/g, "")).not.toMatch(/[*_~`|[\]()<>]/);
      }
    }
  });

  it("is no mention and no markup in Google Chat", async () => {
    for (const { body } of await renderHostile("google-chat")) {
      for (const text of textsIn(body)) {
        if (text.startsWith("https:")) continue;
        expect(text.replace(/^<b>([^<>]*)<\/b>$/, "$1")).not.toMatch(/[<>]/);
      }
      expect(body.fallbackText).not.toMatch(/@(?:everyone|here)/);
    }
  });

  it("is no mention and no markup in Telegram", async () => {
    for (const { body } of await renderHostile("telegram")) {
      expect(body.text).not.toMatch(/@(?:everyone|here)/);
      const ours = /^<b>[^<>]*<\/b>|<a href="https:\/\/evil\.example\/[^"<>]*">Open on evil\.example<\/a>$/g;
      expect(body.text.replace(ours, "")).not.toMatch(/[<>]/);
    }
  });

  it("leads to web addresses only", async () => {
    for (const link of [
      "javascript:alert(1)",
      "data:text/html,x",
      "https://user:pass@bank.example/",
      "http://[",
      "//x",
    ]) {
      const additional_data = [{ format: "link", label: "l", value: link }] as const;
      for (const preset of [...CHATS, "pagerduty"] as const) {
        const alert = { ...ALERT, additional_data };
        expect((await render(preset, eventOf("alert.created", alert))).text).not.toContain("Open on");
      }
    }
  });

  it.each([...CHATS, "pagerduty", "opsgenie", "pagertree"] as const)(
    "is cut where it is a megabyte (%s)",
    async (preset) => {
      const alert = { ...alertSaying("<".repeat(1_000_000)), tags: Array.from({ length: 900 }, () => "t".repeat(900)) };
      const { text } = await render(preset, eventOf("alert.created", alert));
      expect(text.length).toBeLessThan(60_000);
    },
  );
});

describe("every preset", () => {
  const GROUP = {
    group: "g",
    integration_id: "int_1",
    occurrences: 12,
    event_ids: ["evt_1"],
    attributes: { host: [["a", 12]] },
  };

  it.each(WRITTEN)("takes every type of message, with an alert or without (%s)", async (preset) => {
    for (const type of MESSAGE_TYPES) {
      for (const alert of [ALERT, null]) {
        for (const payload of ['{"a":1}', "null", "[]", '"text"', "12345678901234567890", JSON.stringify(GROUP)]) {
          const { text } = await render(preset, eventOf(type, alert, payload));
          expect(isJsonObject(JSON.parse(text))).toBe(true);
        }
      }
    }
  });

  it("gives a title that is never blank, whatever the payload", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom(...MESSAGE_TYPES), async (payload, type) => {
        const { body } = await render("pagerduty", eventOf(type, null, payload));
        expect(body.payload.summary.trim()).not.toBe("");
        expect(body.payload.summary.length).toBeLessThanOrEqual(1_024);
      }),
    );
  });

  it("takes an event's title from the fields that senders use for one", async () => {
    const titleOf = async (payload: object) =>
      (await render("pagerduty", eventOf("event.received", null, JSON.stringify(payload)))).body.payload.summary;
    expect(await titleOf({ x: 1, Title: "T" })).toBe("T");
    expect(await titleOf({ subject: " ", message: "M\nN" })).toBe("M N");
    expect(await titleOf({ x: 1 })).toBe("Event received: alert");
  });
});
