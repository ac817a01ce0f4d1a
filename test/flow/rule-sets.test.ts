import { describe, expect, it, vi } from "vitest";
import { EXPECTED, type Expected } from "../sources/rules/sets/expected.ts";
import { FIXTURES, type Fixture } from "../sources/rules/sets/fixtures.ts";
import { type Line, openLine, pluck } from "../support/flow.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";

const expectedOf = ({ ruleSet, name }: Fixture): readonly Expected[] => EXPECTED[ruleSet]?.[name] ?? [];
const keysOf = (fixture: Fixture): string[] => expectedOf(fixture).flatMap((each) => ("key" in each ? [each.key] : []));

/** The fixture of the same tool that opens every alert that another is about. */
function openerOf(fixture: Fixture): Fixture | undefined {
  return FIXTURES.find((other) => {
    const isOpener = other.ruleSet === fixture.ruleSet && expectedOf(other).every(({ action }) => action === "create");
    return isOpener && keysOf(fixture).every((key) => keysOf(other).includes(key));
  });
}

async function send(line: Line, { text, headers }: Fixture): Promise<string[]> {
  const answer = await line.send(text, { type: null, headers });
  expect(answer).toMatchObject({ status: 200, json: { status: "success", id: expect.stringMatching(/^evt_/) } });
  return answer.json["ids"] ?? [answer.json["id"]];
}

const OUTCOME = {
  create: "created",
  acknowledge: "acknowledged",
  resolve: "resolved",
  ignore: "ignored",
  receive: "received",
  test: "received",
} as const;
const STATUS = { create: "open", acknowledge: "acknowledged", resolve: "resolved" } as const;

/** What an alert that a fixture is about looks like, once that has come. */
function alertAfter(expected: Expected): object[] {
  if (!("key" in expected)) return [];
  const { action, key } = expected;
  if (action !== "create") return [{ key, status: STATUS[action] }];
  const { title, urgency, tags } = expected;
  return [{ key, status: "open", title, urgency, tags }];
}

const OPENING = FIXTURES.filter((fixture) => expectedOf(fixture).every(({ action }) => action === "create"));
const IGNORED = FIXTURES.filter((fixture) => expectedOf(fixture).every(({ action }) => action === "ignore"));
const TESTS = FIXTURES.filter((fixture) => expectedOf(fixture).every(({ action }) => action === "test"));
const FOLLOWING = FIXTURES.filter((fixture) => ![OPENING, IGNORED, TESTS].some((group) => group.includes(fixture)));

describe("what a tool opens an alert with", () => {
  it.each(OPENING)("is an alert, and a delivery: $ruleSet, $name", async (fixture) => {
    const line = await openLine("rules", { rule_set: fixture.ruleSet });
    const ids = await send(line, fixture);
    const alerts = expectedOf(fixture).flatMap(alertAfter);
    expect(pluck(await line.events(), "id")).toEqual(ids);
    expect(await line.alerts()).toMatchObject(alerts);
    expect(line.delivered()).toHaveLength(alerts.length);
    for (const alert of alerts) {
      const delivered = expect.objectContaining({ alert: expect.objectContaining(alert) });
      expect(line.delivered()).toContainEqual(expect.objectContaining({ type: "alert.created", data: delivered }));
    }
  });

  it.each(OPENING.filter(({ isForm }) => isForm))("may stand in the query: $ruleSet, $name", async (fixture) => {
    const line = await openLine("rules", { rule_set: fixture.ruleSet });
    await line.send(undefined, { method: "GET", query: `?${fixture.text.trim()}` });
    expect(await line.alerts()).toMatchObject(expectedOf(fixture).flatMap(alertAfter));
  });

  it.each(OPENING.filter(({ name }) => name === "create"))(
    "is a repeat where it comes again: $ruleSet",
    async (fixture) => {
      const line = await openLine("rules", { rule_set: fixture.ruleSet });
      await send(line, fixture);
      await send(line, fixture);
      for (const alert of await line.alerts()) expect(alert).toMatchObject({ status: "open" });
      expect(await line.alerts()).toHaveLength(keysOf(fixture).length);
      expect(line.delivered()).toHaveLength(keysOf(fixture).length);
    },
  );
});

describe("what a tool says of an alert that is open", () => {
  it.each(FOLLOWING)("acts on it, and is delivered: $ruleSet, $name", async (fixture) => {
    const line = await openLine("rules", { rule_set: fixture.ruleSet });
    const opener = openerOf(fixture);
    if (opener === undefined) throw new Error("no fixture opens what this one is about");
    await send(line, opener);
    const before = line.delivered().length;
    const ids = await send(line, fixture);
    const outcomes = expectedOf(fixture).map(({ action }) => (action === "create" ? "repeated" : OUTCOME[action]));
    const events = (await line.events()).filter(({ id }) => ids.includes(id));
    expect(pluck(events, "outcome")).toEqual(outcomes);
    const alerts = await line.alerts();
    for (const expected of expectedOf(fixture).flatMap(alertAfter)) {
      expect(alerts).toContainEqual(expect.objectContaining(expected));
    }
    const told = outcomes.filter((outcome) => outcome !== "repeated" && outcome !== "ignored");
    const delivered = line.delivered().slice(before);
    expect(pluck(delivered, "type")).toEqual(
      told.map((outcome) => (outcome === "received" ? "event.received" : `alert.${outcome}`)),
    );
  });
});

describe("what a tool sends to try the address", () => {
  it.each(TESTS)("is delivered as a test, and opens no alert: $ruleSet, $name", async (fixture) => {
    const line = await openLine("rules", { rule_set: fixture.ruleSet });
    const ids = await send(line, fixture);
    const tests = ids.map((id) => ({ id, type: "event.received", outcome: "received", alert_id: null }));
    expect(tests).not.toEqual([]);
    expect(await line.events()).toMatchObject(tests);
    expect(pluck(await line.events(), "note")).toEqual(ids.map(() => expect.stringMatching(/./)));
    expect(await line.alerts()).toEqual([]);
    const delivered = ids.map((id) => ({ type: "event.received", data: { event: { id, kind: "test", test: true } } }));
    expect(line.delivered()).toMatchObject(delivered);
    for (const { data } of line.delivered()) expect(data).not.toHaveProperty("alert");
  });

  it.each(TESTS)("does not change an alert that is open: $ruleSet, $name", async (fixture) => {
    const line = await openLine("rules", { rule_set: fixture.ruleSet });
    const opener = FIXTURES.find(({ ruleSet, name }) => ruleSet === fixture.ruleSet && name === "create");
    if (opener === undefined) throw new Error("no fixture opens an alert");
    await send(line, opener);
    const before = await line.alerts();
    await send(line, fixture);
    expect(await line.alerts()).toEqual(before);
  });
});

describe("what is no alert", () => {
  it.each(IGNORED)("is 200, logged with the reason, and nobody is told: $ruleSet, $name", async (fixture) => {
    const line = await openLine("rules", { rule_set: fixture.ruleSet });
    await send(line, fixture);
    expect(await line.events()).toMatchObject([{ outcome: "ignored", note: expect.stringMatching(/./) }]);
    expect(await line.alerts()).toEqual([]);
    expect(line.delivered()).toEqual([]);
  });
});

describe("the list of rule sets", () => {
  it("names each by the tool, and each of them opens and resolves here what it can", async () => {
    const { data } = unwrap(await client.ruleSets.list());
    const names: string[] = data.map((row) => row.name);
    const resolving = data.filter(({ actions }) => actions.includes("resolve")).map((row) => row.name);
    const tried = (fixtures: readonly Fixture[], name: string) =>
      fixtures.filter((fixture) => fixture.name === name).map(({ ruleSet }) => ruleSet);
    expect(names.toSorted()).toEqual(tried(OPENING, "create").toSorted());
    expect(resolving.toSorted()).toEqual(tried(FOLLOWING, "resolve").toSorted());
  });
});

describe("a topic of Amazon SNS", () => {
  const SUBSCRIBE = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=51b2";
  const headers = { "x-amz-sns-message-type": "SubscriptionConfirmation", "x-amz-sns-message-id": "1" };
  const confirm = (SubscribeURL: string) => JSON.stringify({ Type: "SubscriptionConfirmation", SubscribeURL });
  const called = () => vi.mocked(fetch).mock.calls.map(([input, init]) => new Request(input, init).url);

  it.each(["cloudwatch", "awshealth", "awsbudgets"])("is subscribed to on its own host: %s", async (rule_set) => {
    const line = await openLine("rules", { rule_set });
    const answer = await line.send(confirm(SUBSCRIBE), { type: "text/plain; charset=UTF-8", headers });
    expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
    expect(called()).toEqual([SUBSCRIBE]);
    expect(await line.events()).toEqual([]);
  });

  it.each([
    "https://sns.eu-central-1.amazonaws.com.evil.example/?Action=ConfirmSubscription&Token=1",
    "http://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=1",
    "https://169.254.169.254/?Action=ConfirmSubscription&Token=1",
  ])("of another host is 400, and nothing is called: %s", async (url) => {
    const line = await openLine("rules", { rule_set: "cloudwatch" });
    expect((await line.send(confirm(url), { type: "text/plain", headers })).status).toBe(400);
    expect(called()).toEqual([]);
    expect(await line.events()).toEqual([]);
  });
});
