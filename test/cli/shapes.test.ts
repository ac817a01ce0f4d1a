import { expect, test } from "vitest";
import { commandsOf } from "./run.ts";
import { EMPTY, type Request, TOKEN, standIn } from "./stand-in.ts";

// What commands make of the API's documents, with a stand-in that has the contract's shapes.

const INTEGRATION = { id: "int_1", name: "Orders" };
const DESTINATION = { id: "dst_1", name: "Slack\u001b[2J" };

async function gateway(documents: Readonly<Record<string, unknown>>) {
  return await standIn(({ path, method }: Request) => {
    const document = documents[method === "GET" ? path : `${method} ${path}`];
    if (document !== undefined) return { body: document };
    if (path === "/integrations") return { body: { data: [INTEGRATION], next_cursor: null } };
    if (path === "/destinations") return { body: { data: [DESTINATION], next_cursor: null } };
    return EMPTY;
  });
}

const EVENT = {
  id: "evt_1",
  integration_id: "int_1",
  type: "event.received",
  outcome: "received",
  received_at: "2026-11-20T10:00:00.000Z",
  title: "Order 4711",
  note: null,
  payload: { order: 4711, hostile: "\u001b[31m\u202e" },
  headers: { "x-trace": "abc" },
  groups: [],
  deliveries: [
    {
      id: "dlv_1",
      destination_id: "dst_1",
      status: "pending",
      reason: null,
      next_attempt_at: "2026-11-20T10:05:00.000Z",
      attempts: [
        { number: 1, at: "2026-11-20T10:00:00.100Z", status: 500, duration_ms: 12, error: null },
        {
          number: 2,
          at: "2026-11-20T10:00:05.100Z",
          status: null,
          duration_ms: 10_000,
          error: "The attempt took too long.",
        },
      ],
    },
  ],
};

test("an event shows its content, and each delivery with its attempts", async () => {
  const { text, json } = await gateway({ "/events/evt_1": EVENT });
  const shown = await text(["events", "get", "evt_1"]);
  expect(shown).toMatch(/^title +Order 4711$/m);
  expect(shown).toContain("headers\n  x-trace: abc\n");
  expect(shown).toContain('    "order": 4711,\n');
  expect(shown).toContain(
    [
      "deliveries",
      String.raw`  pending Slack\u001b[2J  dlv_1`,
      "    10:00:00.100  attempt 1: status 500 in 12 ms",
      "    10:00:05.100  attempt 2: The attempt took too long. in 10000 ms",
      "    next attempt at 2026-11-20T10:05:00.000Z\n",
    ].join("\n"),
  );
  expect(await json(["events", "get", "evt_1"])).toEqual(EVENT);
});

test("an explanation names the condition that failed", async () => {
  const failed = [{ path: "data.alert.urgency", operator: "$eq", expected: "critical", actual: "low" }];
  const routes = [
    { id: "rte_1", name: "All", takes: true, reason: null, failed: [], destinations: [{ id: "dst_1", name: "Slack" }] },
    { id: "rte_2", name: "Critical", takes: false, reason: "match", failed, destinations: [] },
  ];
  const { text, json } = await gateway({
    "/events/evt_1/explain": { event_id: "evt_1", type: "alert.created", routes },
  });
  const shown = await text(["events", "explain", "evt_1"]);
  expect(shown).toContain("takes it  All → Slack\n");
  expect(shown).toContain('Critical: match\n          data.alert.urgency $eq "critical", but it is "low"\n');
  expect((await json(["events", "explain", "evt_1"])).routes).toEqual(routes);
});

test("a note names the command that says more, and a list is not filled with it", async () => {
  const note = "No enabled route takes this event.";
  const event = { ...EVENT, title: null, unrouted: true, note };
  const { text, json } = await gateway({
    "/events": { data: [event], next_cursor: null },
    "/events/evt_1": event,
  });
  expect(await text(["events", "list"])).toContain("Orders       No enabled route takes this event.  evt_1\n");
  const shown = await text(["events", "get", "evt_1"]);
  expect(shown).toContain("No enabled route takes this event. `hookgate events explain evt_1` says why.\n");
  expect(await json(["events", "get", "evt_1"])).toEqual(event);
});

test.each(["X Y: a", "X: a\nb"])("a header that cannot be sent is wrong usage: %j", async (header) => {
  const { hookgate } = await gateway({ "/integrations/int_1": { auth: { type: "none" } } });
  const { code, stderr } = await hookgate(["events", "send", "Orders", "-f", "-", "--header", header], "{}");
  expect([code, stderr]).toEqual([64, expect.stringContaining("is not a header that can be sent")]);
});

test("a command to copy names what is not safe to copy by its id", async () => {
  const created = { id: "int_9", name: "Orders\u202e", url: "https://h.example.com/integration/int_9" };
  const { hookgate } = await gateway({ "POST /integrations": created });
  const { stderr } = await hookgate(["integrations", "create", "--name", "x"]);
  expect(stderr).toContain("`hookgate events tail --integration int_9`");
});

test("a token is revoked by its name, and one that is not there is told before the question", async () => {
  const token = { id: "tok_00000000000000000000000001", name: "CI" };
  const twice = [
    { ...token, name: "Old" },
    { ...token, id: "tok_00000000000000000000000002", name: "Old" },
  ];
  const { hookgate, requests } = await gateway({ "/tokens": { data: [token, ...twice], next_cursor: null } });
  const none = await hookgate(["tokens", "delete", "CJ"]);
  expect([none.code, none.stderr]).toEqual([
    1,
    'error: There is no token "CJ".\nhint: `hookgate tokens list` shows them.\n',
  ]);
  const { stderr } = await hookgate(["tokens", "delete", "Old", "--yes"]);
  expect(stderr).toContain("2 tokens have the name");
  expect(requests.some(({ method }) => method === "DELETE")).toBe(false);
  await hookgate(["tokens", "delete", "CI", "--yes"]);
  expect(requests.at(-1)).toMatchObject({ method: "DELETE", path: `/tokens/${token.id}` });
});

test("rejections, search results, changes and presets are tables", async () => {
  const at = "2026-11-20T10:00:00.000Z";
  const example = { method: "POST", content_type: "text/plain", user_agent: "curl/8", size: 3 };
  const { text, hookgate, requests } = await gateway({
    "/integrations/int_1/rejections": {
      data: [{ at, status: 401, code: "bad_credentials", count: 7, example }],
      next_cursor: null,
    },
    "/search": { data: [{ kind: "alert", id: "alr_1", title: "Disk is full" }] },
    "/audit": {
      data: [
        {
          id: "aud_1",
          at,
          actor: "admin",
          action: "route.updated",
          kind: "route",
          target: { id: "rte_1", name: "All" },
        },
      ],
      next_cursor: null,
    },
    "/presets": { data: [{ name: "slack", title: "Slack", category: "chat" }] },
  });
  expect(await text(["integrations", "rejections", "Orders"])).toMatch(/401 +bad_credentials +7 +curl\/8 +text\/plain/);
  expect(await text(["search", "disk full"])).toMatch(/alert +Disk is full +alr_1/);
  expect(requests.at(-1)?.query).toEqual({ q: "disk full" });
  const filters = ["--actor", "admin", "--action", "route.updated", "--kind", "route", "--target", "rte_1"];
  expect(await text(["audit", ...filters])).toMatch(/admin +route\.updated +All +rte_1/);
  expect(requests.at(-1)?.query).toMatchObject({ actor: "admin", action: "route.updated", kind: "route", id: "rte_1" });
  const unnamed = await hookgate(["audit", "--target", "Orders"]);
  expect(unnamed).toMatchObject({ code: 64, stderr: expect.stringContaining("--kind") });
  expect(await text(["audit", "--kind", "integration", "--target", "Orders"])).toMatch(/route\.updated/);
  expect(requests.at(-1)?.query).toMatchObject({ kind: "integration", id: "int_1" });
  expect(await text(["presets"])).toMatch(/slack +Slack +chat/);
});

test("a destination is paused, resumed and deleted although routes name it", async () => {
  const { text, hookgate, requests } = await gateway({
    "POST /destinations/dst_00000000000000000000/pause": DESTINATION,
    "POST /destinations/dst_00000000000000000000/resume": DESTINATION,
  });
  const id = "dst_00000000000000000000";
  expect(await text(["destinations", "pause", id])).toBe("Paused Slack\\u001b[2J.\n");
  expect(await text(["destinations", "resume", id])).toBe("Resumed Slack\\u001b[2J.\n");
  await hookgate(["destinations", "delete", id, "--yes", "--force"]);
  expect(requests.at(-1)).toMatchObject({ method: "DELETE", query: { force: "true" } });
});

test("a destination or a route that is created names what the flags say", async () => {
  const { json, requests } = await gateway({ "POST /destinations": { id: "dst_2" }, "POST /routes": { id: "rte_2" } });
  const headers = ["--header", "X-Team: a, b", "--header", "X-Other: c"];
  await json([
    "destinations",
    "create",
    "--name",
    "S",
    "--preset",
    "slack",
    "--url",
    "https://a.example",
    ...headers,
    "--external-id",
    "s",
  ]);
  expect(requests.at(-1)?.body).toEqual({
    name: "S",
    external_id: "s",
    url: "https://a.example",
    payload: { mode: "preset", preset: "slack" },
    headers: { "X-Team": "a, b", "X-Other": "c" },
  });
  const flags = [
    "--integration",
    "Orders",
    "--destination",
    "dst_00000000000000000000",
    "--event-type",
    "alert.created,alert.resolved",
  ];
  await json([
    "routes",
    "create",
    "--name",
    "R",
    ...flags,
    "--match",
    '{"data.alert.urgency":"high"}',
    "--set",
    "group_window_seconds=60",
  ]);
  expect(requests.at(-1)?.body).toEqual({
    name: "R",
    integration_ids: ["int_1"],
    destination_ids: ["dst_00000000000000000000"],
    event_types: ["alert.created", "alert.resolved"],
    match: { "data.alert.urgency": "high" },
    group_window_seconds: 60,
  });
});

test.each([
  [[], {}, { type: "catch" }],
  [["--type", "pagertree", "--auth", "token"], {}, { type: "pagertree", auth: { type: "token" } }],
  [["--auth", "none"], { HOOKGATE_CREDENTIAL: "x" }, { type: "catch", auth: { type: "none" } }],
  [["--auth", "bearer", "--credential", "b"], {}, { type: "catch", auth: { type: "bearer", token: "b" } }],
  [
    ["--auth", "basic"],
    { HOOKGATE_CREDENTIAL: "me:p:w" },
    { type: "catch", auth: { type: "basic", username: "me", password: "p:w" } },
  ],
  [
    ["--auth", "github", "--rule-set", "grafana"],
    { HOOKGATE_CREDENTIAL: "s" },
    {
      type: "rules",
      options: { rule_set: "grafana" },
      auth: { type: "signature", scheme: "github", secret: "s" },
    },
  ],
] as const)("an integration that is created with %j and %j", async (flags, more, body) => {
  const { hookgate, requests } = await gateway({ "POST /integrations": { id: "int_2", name: "N" } });
  const { code, stderr } = await hookgate(["integrations", "create", "--name", "N", ...flags], "", more);
  expect([code, requests.at(-1)?.body], stderr).toEqual([0, { name: "N", ...body }]);
});

test("what follows after a creation is said on stderr, for people only", async () => {
  const created = {
    id: "int_2",
    name: "it's \u001b[2J",
    url: "https://hooks.example.com/integration/int_2",
    auth: { type: "token", header: "x-token", token: "t" },
  };
  const { hookgate } = await gateway({ "POST /integrations": created });
  const args = ["integrations", "create", "--name", "N"];
  const { stderr } = await hookgate(args);
  expect(stderr).toContain("not shown again");
  expect(stderr).toContain("integration/int_2, with the header `x-token` and the token.");
  // A name with hidden characters could not be copied.
  expect(stderr).toContain("--integration int_2");
  expect((await hookgate([...args, "--json"])).stderr).not.toContain("Next:");
});

test("the URL of a destination is never taken as the gateway's, which would get the token", async () => {
  const [own, stranger] = [await gateway({ "POST /destinations": { id: "dst_2" } }), await gateway({})];
  for (const args of [
    ["destinations", "create", "--name", "S", "--url", stranger.url],
    ["destinations", "create", `--url=${stranger.url}`, "--name", "S"],
  ]) {
    await own.json(args);
    expect(own.requests.at(-1)?.body).toEqual({ name: "S", url: stranger.url });
  }
  const args = ["--url", own.url, "destinations", "create", "--name", "S", "--url", stranger.url];
  await commandsOf("http://127.0.0.1:1", TOKEN).json(args);
  expect([own.requests.length, stranger.requests]).toEqual([3, []]);
});

test("global flags stand anywhere, and the last one wins", async () => {
  const { url, requests } = await gateway({});
  const { hookgate } = commandsOf("http://127.0.0.1:1", TOKEN);
  for (const args of [
    ["--url", url, "--json", "replays", "list"],
    ["replays", "--json", "--url", url, "list"],
    ["--url", "http://127.0.0.1:2", "replays", "list", "--url", url, "--json", "--no-color"],
  ]) {
    const { code, stdout } = await hookgate(args);
    expect([code, JSON.parse(stdout)]).toEqual([0, EMPTY.body]);
  }
  expect(requests).toHaveLength(3);
});
