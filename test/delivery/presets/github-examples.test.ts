import examples from "@octokit/webhooks-examples";
import { expect, it } from "vitest";
import { linkOf, titleOf } from "../../../src/delivery/presets/notification-text.ts";

type Case = { readonly name: string; readonly payload: unknown };
const CASES = examples.flatMap(({ name, examples: bodies }) => bodies.map((payload): Case => ({ name, payload })));

function sourceOf({ name, payload }: Case) {
  const headers = { "x-github-event": name };
  return { type: "event.received", kind: "hook", alert: null, data: { event: { payload } }, payload, headers } as const;
}

/** What a title says of the thing after what happened to it. */
function thingIn(title: string): string {
  return title.split(": ").slice(1).join(": ");
}

it("GitHub's examples are all here", () => {
  expect(CASES).toHaveLength(329);
});

it("every title says what happened to which thing", () => {
  const titles = CASES.map((example) => [example.name, titleOf(sourceOf(example))] as const);
  expect(titles.filter(([name, title]) => !title.startsWith(name) || thingIn(title) === "")).toEqual([]);
  expect(titles.filter(([, title]) => /^(?:\d+|true|false|hook)$|undefined|\[object /.test(thingIn(title)))).toEqual(
    [],
  );
});

it("every event has a link that people can open", () => {
  const links = CASES.map((example) => [titleOf(sourceOf(example)), linkOf(sourceOf(example))?.href ?? null] as const);
  expect(links.filter(([, href]) => href === null || href.startsWith("https://api.github.com/"))).toEqual([]);
});
