import { describe, expect, it } from "vitest";
import { factsOf, linkOf, titleOf } from "../../../src/delivery/presets/notification-text.ts";
import { type EventCase, MORE_SENDERS } from "./event-senders.ts";
import { escapeMarkdown, fit, markdownParts } from "../../../src/delivery/presets/text.ts";

const source = (payload: unknown, headers: Record<string, string> = {}) =>
  ({ type: "event.received", kind: "hook", alert: null, data: {}, payload, headers }) as const;

const PAYLOADS: readonly EventCase[] = [
  ...MORE_SENDERS,
  [
    "GitHub issues",
    {
      action: "opened",
      issue: { number: 12, title: "Login fails", html_url: "https://git.example/i/12", user: { login: "x" } },
      repository: { full_name: "o/r", html_url: "https://git.example/o/r" },
    },
    { "x-github-event": "issues" },
    "issues opened: Login fails",
    "https://git.example/i/12",
  ],
  [
    "GitHub pull request",
    {
      action: "closed",
      number: 4,
      pull_request: { title: "Fix it", url: "https://api.example/4", html_url: "https://git.example/p/4" },
    },
    { "x-github-event": "pull_request" },
    "pull_request closed: Fix it",
    "https://git.example/p/4",
  ],
  [
    "GitHub workflow run",
    {
      action: "completed",
      workflow_run: { name: "CI", display_title: "Fix it", conclusion: "failure", html_url: "https://git.example/r/1" },
    },
    { "x-github-event": "workflow_run" },
    "workflow_run completed failure: Fix it",
    "https://git.example/r/1",
  ],
  [
    "GitLab merge request",
    {
      object_kind: "merge_request",
      user: { name: "M" },
      project: { name: "p", web_url: "https://lab.example/p" },
      object_attributes: { title: "Add", action: "open", state: "opened", url: "https://lab.example/m/1" },
    },
    { "x-gitlab-event": "Merge Request Hook" },
    "Merge Request Hook open: Add",
    "https://lab.example/m/1",
  ],
  [
    "an envelope of SOAP",
    {
      "s:Envelope": { "@xmlns:s": "u", "s:Body": { Notice: { Subject: "Oven off", Url: "https://oven.example/1" } } },
    },
    {},
    "Oven off",
    "https://oven.example/1",
  ],
  [
    "Stripe",
    { id: "evt_1", object: "event", type: "charge.failed", data: { object: { id: "ch_1", object: "charge" } } },
    {},
    "charge.failed: ch_1",
    null,
  ],
  [
    "Jira",
    { webhookEvent: "jira:issue_created", issue: { id: "1", key: "OPS-1", fields: { summary: "Disk full" } } },
    {},
    "jira:issue_created: OPS-1 Disk full",
    null,
  ],
  [
    "PagerDuty",
    {
      event: {
        id: "01",
        event_type: "incident.triggered",
        data: { id: "P1", title: "Down", html_url: "https://pd.example/1", status: "triggered" },
      },
    },
    {},
    "incident.triggered: Down",
    "https://pd.example/1",
  ],
  [
    "Vercel",
    {
      type: "deployment.succeeded",
      payload: { name: "shop", url: "shop.example", links: { deployment: "https://v.example" } },
    },
    {},
    "deployment.succeeded: shop",
    "https://v.example/",
  ],
  [
    "Clerk",
    { type: "user.created", object: "event", data: { id: "user_1", object: "user" } },
    {},
    "user.created: user_1",
    null,
  ],
  ["Shopify", { id: 1, name: "#1001" }, { "x-shopify-topic": "orders/create" }, "orders/create: #1001", null],
  [
    "Linear",
    { action: "create", type: "Issue", data: { id: "u", title: "Broken" }, url: "https://lin.example/1" },
    { "linear-event": "Issue" },
    "Issue create: Broken",
    "https://lin.example/1",
  ],
  [
    "Shopify's product",
    { id: 1, title: "Red shoes", handle: "red-shoes" },
    { "x-shopify-topic": "products/update" },
    "products/update: Red shoes",
    null,
  ],
  ["HubSpot", { eventId: 1, subscriptionType: "contact.creation", objectId: 123 }, {}, "contact.creation: 123", null],
  [
    "CloudEvents",
    { specversion: "1.0", type: "com.example.order.created", source: "/shop", id: "1", subject: "order-9", data: {} },
    {},
    "com.example.order.created: order-9",
    null,
  ],
  [
    "Event Grid",
    { id: "1", topic: "/t", subject: "blobs/a.txt", eventType: "Microsoft.Storage.BlobCreated", data: {} },
    {},
    "Microsoft.Storage.BlobCreated: blobs/a.txt",
    null,
  ],
  [
    "Intercom",
    {
      type: "notification_event",
      topic: "conversation.user.created",
      data: { item: { type: "conversation", id: "c1" } },
    },
    {},
    "conversation.user.created: c1",
    null,
  ],
  [
    "Slack",
    { type: "event_callback", event: { type: "app_mention", text: "<@U1> hi" } },
    {},
    "app_mention: <@U1> hi",
    null,
  ],
  [
    "Trello",
    {
      action: { type: "updateCard", data: { card: { name: "Buy milk" } } },
      model: { name: "Home", url: "https://b.example" },
    },
    {},
    "updateCard: Buy milk",
    "https://b.example/",
  ],
  [
    "Asana",
    { events: [{ action: "changed", resource: { gid: "1", resource_type: "task", name: "Ship it" } }] },
    {},
    "changed: Ship it",
    null,
  ],
  [
    "Amazon S3",
    { Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key: "a.txt" } } }] },
    {},
    "ObjectCreated:Put: a.txt",
    null,
  ],
  [
    "Docker Hub",
    { push_data: { tag: "v1", pusher: "me" }, repository: { repo_name: "me/app", repo_url: "https://h.example" } },
    {},
    "me/app",
    "https://h.example/",
  ],
  [
    "WooCommerce",
    { id: 7, status: "processing" },
    { "x-wc-webhook-topic": "order.updated" },
    "order.updated processing",
    null,
  ],
  ["a text of its own", { title: "All is well", type: "x" }, {}, "All is well", null],
  ["nothing", {}, {}, "Event received: hook", null],
];

describe("the words of an event without a rule set", () => {
  it.each(PAYLOADS)("%s", (_, payload, headers, title, link) => {
    expect(titleOf(source(payload, headers))).toBe(title);
    expect(linkOf(source(payload, headers))?.href ?? null).toBe(link);
  });

  it("are followed by the fields of a payload that has none", () => {
    const facts = factsOf(source({ Vorname: "Ada", Nachricht: "Guten Tag", Anzahl: 2, Adresse: { Ort: "Ulm" } }));
    expect(facts).toEqual([
      { label: "Kind", text: "hook" },
      { label: "Vorname", text: "Ada" },
      { label: "Nachricht", text: "Guten Tag" },
      { label: "Anzahl", text: "2" },
    ]);
    expect(factsOf(source({ title: "All is well", Anzahl: 2 }))).toHaveLength(1);
  });

  it("are bounded, whatever the payload", () => {
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, { a: { title: n } }]));
    for (const payload of [wide, [wide], "text", 7, null, { __proto__: null, data: { toString: 1 } }]) {
      expect(titleOf(source(payload)).length).toBeLessThanOrEqual(1_001);
    }
  });
});

describe("a long web address", () => {
  it("is cut within, and not left out", () => {
    const url = `https://shop.example/${"a".repeat(500)}`;
    const written = fit(markdownParts(`[Event] ${url}`), 256, escapeMarkdown);
    expect(written).toHaveLength(256);
    expect(written).toContain("https://shop.example/aaa");
    expect(fit("a😀😀", 4)).toBe("a😀…");
  });
});
