import { describe, expect, it } from "vitest";
import { faultsOf, openGateway, openLine, pluck } from "../support/flow.ts";

const FINGERPRINT = "c41be0d7a94f55f2037ee18d6bca3c0f";
const GROUP = {
  universe: "orchard",
  project: "press",
  application: "pressd",
  fingerprint: FINGERPRINT,
  href: "https://orchard.sp.backtrace.io/",
  group_url: `https://orchard.sp.backtrace.io/dashboard/orchard/press/${FINGERPRINT}`,
  callstack: ["squeeze", "run_cycle", "main"],
  occurrences: 12,
  object_id: "9af",
  timestamp: [1_793_000_000, 1_793_000_060],
  classifiers: ["segv", "write"],
  hosts: 2,
  guids: 1,
  attributes: {
    firmware: [
      ["4.1", 9],
      ["4.0", 3],
    ],
  },
};
const KEY = `orchard/press/${FINGERPRINT}`;

describe("a group", () => {
  it("opens an alert with what is told of it", async () => {
    const line = await openLine("backtrace");
    expect(await line.send(GROUP)).toMatchObject({ status: 200, json: { status: "success" } });
    const alert = {
      key: KEY,
      status: "open",
      title: "pressd: squeeze",
      tags: ["segv", "write"],
      additional_data: expect.arrayContaining([
        { format: "link", label: "Group", value: GROUP.group_url },
        { format: "text", label: "Occurrences", value: "12" },
        { format: "text", label: "firmware", value: "4.1 (9), 4.0 (3)" },
        { format: "datetime", label: "First seen", value: "2026-10-26T07:33:20.000Z" },
        { format: "datetime", label: "Last seen", value: "2026-10-26T07:34:20.000Z" },
      ]),
    };
    expect(await line.alerts()).toMatchObject([alert]);
    expect(line.delivered()).toMatchObject([
      { type: "alert.created", data: { event: { kind: "group", payload: GROUP }, alert } },
    ]);
  });

  it("is the same event sent again with the same object: answered alike, delivered once", async () => {
    const line = await (await openGateway(["alert.created", "alert.repeated"])).open("backtrace");
    const shape = { status: "success", id: expect.stringMatching(/^evt_/) };
    for (let n = 0; n < 3; n++) {
      expect(await line.send({ ...GROUP, occurrences: 12 + n })).toMatchObject({ status: 200, json: shape });
    }
    expect(pluck(await line.events(), "outcome")).toEqual(["created"]);
    expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }]);
    expect(line.delivered()).toHaveLength(1);
  });

  it("with a new object is a repeat of its open alert", async () => {
    const line = await (await openGateway(["alert.created", "alert.repeated"])).open("backtrace");
    await line.send(GROUP);
    await line.send({ ...GROUP, object_id: "9b0", occurrences: 13 });
    await line.send({ ...GROUP, object_id: "9b1", occurrences: 15 });
    expect(await line.alerts()).toMatchObject([{ dedup_count: 2 }]);
    expect(pluck(line.delivered(), "type")).toEqual(["alert.created", "alert.repeated", "alert.repeated"]);
  });

  it("that says no object is news each time", async () => {
    const line = await openLine("backtrace");
    const { object_id: _, ...rest } = GROUP;
    await line.send(rest);
    await line.send(rest);
    expect(await line.alerts()).toMatchObject([{ dedup_count: 1 }]);
  });

  it.each([{ universe: "other" }, { project: "still" }, { fingerprint: "aa" }])(
    "is another where %j differs",
    async (other) => {
      const line = await openLine("backtrace");
      await line.send(GROUP);
      await line.send({ ...GROUP, ...other });
      expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }, { dedup_count: 0 }]);
    },
  );

  it.each([
    "callstack",
    "classifiers",
    "attributes",
    "timestamp",
    "group_url",
    "application",
    "hosts",
    "guids",
    "href",
  ])("may come without its %s", async (name) => {
    const line = await openLine("backtrace");
    const rest = Object.fromEntries(Object.entries(GROUP).filter(([key]) => key !== name));
    expect((await line.send(rest)).status).toBe(200);
    expect(await line.alerts()).toMatchObject([{ key: KEY, status: "open" }]);
  });

  it.each([
    [{ callstack: undefined }, `pressd: ${FINGERPRINT}`],
    [{ callstack: [] }, `pressd: ${FINGERPRINT}`],
    [{ callstack: null, classifiers: null, attributes: null }, `pressd: ${FINGERPRINT}`],
    [{ application: undefined }, "press: squeeze"],
  ])("is named by what is left where %j is hidden", async (hidden, title) => {
    const line = await openLine("backtrace");
    await line.send({ ...GROUP, ...hidden });
    expect(await line.alerts()).toMatchObject([{ title }]);
  });

  it.each([
    [{ fingerprint: undefined }, ["fingerprint"]],
    [{ universe: "", project: null }, ["universe", "project"]],
    [{ fingerprint: ["a"] }, ["fingerprint"]],
  ])("that cannot be told from others is 400 and names the field: %j", async (changes, paths) => {
    const line = await openLine("backtrace");
    const answer = await line.send({ ...GROUP, ...changes });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)).toEqual(paths);
    expect(await line.events()).toEqual([]);
  });

  it("is 400 in the spelling with comments that its guide prints, and where nothing is sent", async () => {
    const line = await openLine("backtrace");
    expect((await line.send('{\n// Universe.\n"universe": "orchard",\n}')).status).toBe(400);
    expect((await line.send()).status).toBe(400);
    expect(await line.events()).toEqual([]);
  });
});

it("a burst of groups is an alert each", async () => {
  const line = await openLine("backtrace");
  const groups = Array.from({ length: 12 }, (_, n) => ({ ...GROUP, fingerprint: `f${n}`, object_id: "1" }));
  const answers = await Promise.all(groups.map((group) => line.send(group)));
  expect(answers.map(({ status }) => status)).toEqual(groups.map(() => 200));
  expect(await line.alerts()).toHaveLength(groups.length);
  expect(line.delivered()).toHaveLength(groups.length);
});

describe("the credentials that Backtrace's form demands", () => {
  const basic = (pair: string) => ({ authorization: `Basic ${btoa(pair)}` });

  it("are ignored if none are needed, and never passed on", async () => {
    const line = await openLine("backtrace", {}, { auth: { type: "none" } });
    expect((await line.send(GROUP, { headers: basic("any:thing") })).status).toBe(200);
    const [event] = await line.events();
    expect(event).toMatchObject({ outcome: "created", headers: { authorization: "[redacted]" } });
  });

  it("are checked where they are set", async () => {
    const auth = { type: "basic", username: "backtrace", password: "cider press" };
    const line = await openLine("backtrace", {}, { auth });
    for (const headers of [{}, basic("backtrace:other"), basic("other:cider press")]) {
      const answer = await line.send(GROUP, { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
    }
    expect(await line.events()).toEqual([]);
    expect((await line.send(GROUP, { headers: basic("backtrace:cider press") })).status).toBe(200);
    expect(await line.alerts()).toHaveLength(1);
  });
});
