import examples from "@octokit/webhooks-examples";
import { describe, expect, it } from "vitest";
import { linkOf, titleOf } from "../../../../src/delivery/presets/notification-text.ts";
import type { SourceEvent } from "../../../../src/sources/source.ts";
import { openingsOf, read } from "./prepared.ts";

const CASES = examples.flatMap(({ name, examples: bodies }) =>
  bodies.map((payload, index) => ({ name, index, payload, events: eventsOf(name, payload) })),
);

function eventsOf(name: string, payload: unknown): readonly SourceEvent[] {
  const headers = { "content-type": "application/json", "x-github-event": name };
  return read({ ruleSet: "github", text: JSON.stringify(payload), headers });
}

/** What a message says of an event without an alert. */
function messageOf({ name, payload, events: [event] }: (typeof CASES)[number]) {
  const kind = event?.kind ?? "";
  return {
    type: "event.received",
    kind,
    alert: null,
    data: { event: { payload } },
    payload,
    headers: { "x-github-event": name },
  } as const;
}

const received = CASES.filter(({ events }) => events.some(({ signal }) => signal.action === "receive"));

describe("each of GitHub's 329 examples", () => {
  it("is one event, and none is ignored", () => {
    expect(CASES).toHaveLength(329);
    const others = CASES.filter(({ events }) => events.length !== 1 || events[0]?.signal.action === "ignore");
    expect(others.map(({ name, index, events }) => [name, index, events.map(({ signal }) => signal)])).toEqual([]);
  });

  it("opens an alert with a title that names the repository or what is wrong there, and with a link", () => {
    const alerts = CASES.flatMap(({ name, events }) => openingsOf(events).map(({ fields }) => ({ name, fields })));
    expect(alerts.length).toBeGreaterThan(5);
    const poor = alerts.filter(
      ({ fields: { title, additional_data } }) =>
        !/Codertocat|octo|github|[\w.-]+\/[\w.-]+/i.test(title) ||
        !additional_data.some(({ value }) => typeof value === "string" && value.startsWith("https://")),
    );
    expect(poor.map(({ name, fields }) => [name, fields.title])).toEqual([]);
  });

  it("otherwise is delivered with a title that says what happened to which thing, and with a link for people", () => {
    expect(received.length).toBeGreaterThan(250);
    const titles = received.map((example) => [example.name, titleOf(messageOf(example))] as const);
    expect(titles.filter(([name, title]) => !title.startsWith(name) || !/: \S/.test(title))).toEqual([]);
    const links = received.map((example) => [example.name, linkOf(messageOf(example))?.href ?? ""] as const);
    expect(links.filter(([, href]) => !/^https?:\/\/(?!api\.)/.test(href))).toEqual([]);
  });
});
