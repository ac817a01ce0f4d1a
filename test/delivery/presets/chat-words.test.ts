import { describe, expect, it } from "vitest";
import { descriptionOf, linkOf, titleOf } from "../../../src/delivery/presets/notification-text.ts";

const source = (payload: unknown) =>
  ({ type: "event.received", kind: "hook", alert: null, data: {}, payload, headers: {} }) as const;

const adaptive = (body: object, more: object = {}) => ({
  type: "message",
  attachments: [
    { contentType: "application/vnd.microsoft.card.adaptive", content: { type: "AdaptiveCard", body, ...more } },
  ],
});

const text = (words: string, type = "plain_text") => ({ type, text: words });

const MESSAGES: readonly (readonly [string, object, string, string, string | null])[] = [
  [
    "attachments of Slack",
    { attachments: [{ fallback: "f", title: "Disk full", title_link: "https://a.example/1", text: "95 %" }] },
    "Disk full",
    "95 %",
    "https://a.example/1",
  ],
  [
    "an attachment with text before it",
    { attachments: [{ pretext: "Deploy failed", text: "See <https://a.example/log|the log>" }] },
    "Deploy failed",
    "See the log",
    "https://a.example/log",
  ],
  [
    "only a fallback",
    { attachments: [{ fallback: "Disk full on db1", color: "danger" }] },
    "Disk full on db1",
    "",
    null,
  ],
  [
    "blocks",
    {
      blocks: [
        { type: "header", text: text("Build 7 failed") },
        { type: "section", text: text("*main*", "mrkdwn") },
      ],
    },
    "Build 7 failed",
    "*main*",
    null,
  ],
  [
    "blocks in an attachment",
    { attachments: [{ color: "#f00", blocks: [{ type: "section", fields: [text("Pod crashed"), text("api-1")] }] }] },
    "Pod crashed",
    "api-1",
    null,
  ],
  ["a text beside blocks", { text: "Short", blocks: [{ type: "section", text: text("Long") }] }, "Short", "Long", null],
  [
    "embeds of Discord",
    { embeds: [{ title: "Release 1.2", description: "Notes", url: "https://a.example/r" }] },
    "Release 1.2",
    "Notes",
    "https://a.example/r",
  ],
  ["an embed without a title", { embeds: [{ description: "Something happened" }] }, "Something happened", "", null],
  ["a message of Discord", { content: "Backup done", username: "bot" }, "Backup done", "", null],
  [
    "a card of Teams",
    {
      "@type": "MessageCard",
      summary: "Alert",
      title: "CPU high",
      text: "97 %",
      potentialAction: [{ "@type": "OpenUri", name: "View", targets: [{ os: "default", uri: "https://a.example/t" }] }],
    },
    "CPU high",
    "97 %",
    "https://a.example/t",
  ],
  [
    "sections of a card",
    { "@type": "MessageCard", sections: [{ activityTitle: "Build failed", activitySubtitle: "main" }] },
    "Build failed",
    "main",
    null,
  ],
  ["a card with a summary only", { "@type": "MessageCard", summary: "Alert fired" }, "Alert fired", "", null],
  [
    "an adaptive card",
    adaptive([{ type: "TextBlock", text: "Server down" }], {
      actions: [{ type: "Action.OpenUrl", title: "Open", url: "https://a.example/s" }],
    }),
    "Server down",
    "",
    "https://a.example/s",
  ],
  [
    "containers of an adaptive card",
    adaptive([
      {
        type: "Container",
        items: [{ type: "ColumnSet", columns: [{ items: [{ type: "TextBlock", text: "Nested" }] }] }],
      },
    ]),
    "Nested",
    "",
    null,
  ],
  [
    "a card alone",
    { type: "AdaptiveCard", version: "1.4", body: [{ type: "TextBlock", text: "Alone" }] },
    "Alone",
    "",
    null,
  ],
  [
    "cards of Google Chat",
    { cardsV2: [{ card: { header: { title: "Build", subtitle: "failed" }, sections: [{ widgets: [] }] } }] },
    "Build",
    "failed",
    null,
  ],
  ["an SMS of Twilio", { SmsSid: "SM1", From: "+1", Body: "Call me" }, "Call me", "", null],
];

describe("a chat message says what it says", () => {
  it.each(MESSAGES)("%s", (_, payload, title, description, link) => {
    expect(titleOf(source(payload))).toBe(title);
    if (description !== "") expect(descriptionOf(source(payload))).toBe(description);
    expect(linkOf(source(payload))?.href ?? null).toBe(link);
  });
});

it("a list says what its first item says", () => {
  expect(titleOf(source([{ event: "bounce", email: "a@b.example" }]))).toBe("bounce: a@b.example");
  expect(titleOf(source([{ subscriptionType: "contact.creation", objectId: 1 }]))).toContain("contact.creation");
});

it("files and other attachments are no message", () => {
  expect(titleOf(source({ subject: "Invoice", attachments: [{ filename: "a.pdf", size: 1 }] }))).toBe("Invoice");
  expect(titleOf(source({ subject: "Invoice", attachments: 2 }))).toBe("Invoice");
});

it("reads a bounded part of a huge message", () => {
  let deep: object = { text: "too deep" };
  for (let level = 0; level < 5_000; level++) deep = { items: [deep] };
  expect(titleOf(source({ blocks: [deep] }))).toBe("Event received: hook");
  const wide = Array.from({ length: 100_000 }, (_, index) => ({ text: `line ${index}` }));
  expect(descriptionOf(source({ blocks: wide })).split("\n").length).toBeLessThan(25);
});
