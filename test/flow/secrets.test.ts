import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { contextOf } from "../../src/context.ts";
import { request } from "../support/api.ts";
import { call, openGateway } from "../support/flow.ts";
import { maintain } from "../support/maintenance.ts";
import { allRows } from "../support/tables.ts";
import { type Seen, fakeOutside } from "../support/world.ts";

// Nobody who reads the log, a queue, the database, the bucket or the API may find a secret there, whatever has happened.

const LEVELS = ["debug", "log", "info", "warn", "error"] as const;
const TOKEN_URL = "https://login.example.com/token";

/** Secrets that the owner chooses. Each is long and unlike any other text. */
const CHOSEN = {
  sender_token: "sender-token-vfqzkxw1",
  sender_password: "sender-password-vfqzkxw2",
  sender_bearer: "sender-bearer-vfqzkxw3",
  hmac_secret: "hmac-secret-vfqzkxw4",
  verify_token: "verify-token-vfqzkxw5",
  receiver_password: "receiver-password-vfqzkxw6",
  receiver_header: "receiver-header-vfqzkxw7",
  client_secret: "client-secret-vfqzkxw8",
  access_token: "access-token-vfqzkxw9",
  bot_token: "123456:bot-token-vfqzkxw-ABCDEFGHIJKL",
  gitlab_token: "gitlab-token-vfqzkxw10",
  guess: "wrong-guess-vfqzkxw11",
} as const;

let lines: string[];
let status: number;

beforeEach(() => {
  lines = [];
  status = 200;
  for (const level of LEVELS) {
    vi.spyOn(console, level).mockImplementation(
      (...values: unknown[]) => void lines.push(values.map(String).join(" ")),
    );
  }
});

/** Responds as servers do that return the whole request. */
function echo({ url, headers, body }: Seen): Response {
  if (url === TOKEN_URL) return Response.json({ access_token: CHOSEN.access_token, token_type: "Bearer" });
  return new Response(`Cannot POST ${url} ${JSON.stringify(Object.fromEntries(headers))} ${body}`, { status });
}

/** Calls the API. The text of each response is searched, so it is kept as it came. */
async function admin(method: string, path: string, body?: object) {
  const { status: code, text } = await request(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: code, text, json: JSON.parse(text) };
}

async function make(resource: string, fields: object) {
  const answer = await admin("POST", `/${resource}`, { name: "Quarry", ...fields });
  expect([resource, answer.status, answer.text]).toEqual([resource, 201, answer.text]);
  return answer.json;
}

const INTEGRATIONS = [
  { auth: { type: "token", token: CHOSEN.sender_token } },
  { auth: { type: "basic", username: "ann", password: CHOSEN.sender_password } },
  { auth: { type: "bearer", token: CHOSEN.sender_bearer } },
  { auth: { type: "signature", scheme: "github", secret: CHOSEN.hmac_secret } },
  { auth: { type: "signature", scheme: "gitlab", secret: CHOSEN.gitlab_token } },
  { auth: { type: "signature", scheme: "meta", secret: CHOSEN.hmac_secret, verify_token: CHOSEN.verify_token } },
] as const;

const basicOf = (password: string): string => `Basic ${btoa(`ann:${password}`)}`;

const CREDENTIALS: readonly Readonly<Record<string, string>>[] = [
  { "pagertree-token": CHOSEN.sender_token },
  { authorization: basicOf(CHOSEN.sender_password) },
  { authorization: `Bearer ${CHOSEN.sender_bearer}` },
  { "x-gitlab-token": CHOSEN.gitlab_token },
  { "pagertree-token": CHOSEN.guess, authorization: `Bearer ${CHOSEN.guess}`, "x-gitlab-token": CHOSEN.guess },
  { authorization: basicOf(CHOSEN.guess), cookie: `session=${CHOSEN.guess}`, "x-hub-signature-256": "sha256=00" },
];

const telegram = { mode: "preset", preset: "telegram", options: { chat_id: "1", bot_token: CHOSEN.bot_token } };
const DESTINATIONS = [
  { auth: { type: "basic", username: "ann", password: CHOSEN.receiver_password } },
  { headers: { "x-api-key": CHOSEN.receiver_header } },
  {
    auth: {
      type: "oauth2_client_credentials",
      token_url: TOKEN_URL,
      client_id: "quarry",
      client_secret: CHOSEN.client_secret,
    },
  },
  { payload: telegram, url: "https://api.telegram.org/" },
  { signing: { scheme: "hmac", header: "x-signature" } },
];

async function bucketTexts(): Promise<readonly string[]> {
  const { objects } = await env.BODIES.list();
  return await Promise.all(objects.map(async ({ key }) => (await (await env.BODIES.get(key))?.text()) ?? ""));
}

it("no secret is in the log, a queue, the database, the bucket or a later response, whatever was sent and failed", async () => {
  const gateway = await openGateway();
  const outside = fakeOutside(echo);
  const messages = [vi.spyOn(env.EVENTS, "sendBatch"), vi.spyOn(env.DELIVERIES, "sendBatch")];
  const secrets: string[] = [...Object.values(CHOSEN), env.ADMIN_TOKEN, env.MASTER_KEY];

  const integrations = [];
  for (const fields of INTEGRATIONS) integrations.push(await make("integrations", { type: "catch", ...fields }));
  const destinations = [];
  for (const fields of DESTINATIONS) {
    const url = "https://receiver.example.com/echo";
    destinations.push(await make("destinations", { type: "webhook", url, ...fields }));
  }
  await make("routes", { destination_ids: destinations.map(({ id }) => id) });
  secrets.push(...destinations.map(({ signing_secret }) => String(signing_secret)));
  const { token } = await make("tokens", { scopes: ["read"] });
  secrets.push(String(token));
  const [first] = integrations;
  const rotated = await admin("POST", `/integrations/${first?.["id"]}/rotate-token`, { overlap_seconds: 60 });
  secrets.push(String(rotated.json["auth"]["token"]));
  const replaced = await admin("POST", `/destinations/${destinations[0]?.["id"]}/rotate-secret`, {});
  secrets.push(String(replaced.json["signing_secret"]));

  for (const { id } of integrations) {
    for (const headers of CREDENTIALS) {
      for (const body of ['{"disk":"full"}', "{", JSON.stringify({ disk: "x".repeat(130_000) })]) {
        await call(`/integration/${id}`, { method: "POST", headers: { ...headers, "x-test": "kept" }, body });
      }
    }
    await call(`/integration/${id}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${CHOSEN.verify_token}`);
  }
  await gateway.drain();
  // All destinations are gone, and then fail.
  status = 410;
  await call(`/integration/${first?.["id"]}`, { method: "POST", headers: CREDENTIALS[0] ?? {}, body: "{}" });
  await gateway.drain();
  status = 500;
  const tests = [];
  for (const { id } of destinations) tests.push((await admin("POST", `/destinations/${id}/test`, {})).text);
  await maintain(contextOf(env), "* * * * *", Date.now());

  // What arrived has them all, so that they were used.
  const received = outside
    .map(({ headers, body, url }) => url + JSON.stringify(Object.fromEntries(headers)) + body)
    .join();
  for (const name of ["receiver_header", "access_token", "bot_token"] as const) {
    expect(received).toContain(CHOSEN[name]);
  }
  const rows = await allRows();
  expect(rows["events"]?.length).toBeGreaterThan(4);
  expect(JSON.stringify(rows["events"])).toContain("Cannot POST");
  const lists = [];
  for (const path of [
    "integrations",
    "destinations",
    "routes",
    "tokens",
    "events",
    "deliveries",
    "dead-letters",
    "keys",
    "reconciliation",
  ]) {
    lists.push((await admin("GET", `/${path}`)).text);
  }
  for (const { id } of [...integrations, ...destinations]) {
    const resource = String(id).startsWith("int_") ? "integrations" : "destinations";
    lists.push((await admin("GET", `/${resource}/${id}`)).text);
    if (resource === "integrations") lists.push((await admin("GET", `/integrations/${id}/samples`)).text);
  }
  const places = {
    log: lines.join("\n"),
    queues: JSON.stringify(messages.map(({ mock }) => mock.calls)),
    database: JSON.stringify(rows),
    bucket: (await bucketTexts()).join("\n"),
    responses: [...lists, ...tests].join("\n"),
  };
  expect(places.log).toContain("delivery.attempted");
  expect(places.queues).toContain("kept");
  expect(places.bucket).toContain("xxxx");
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), btoa(`ann:${secret}`)]);
  for (const [place, text] of Object.entries(places)) {
    expect([place, spellings.filter((spelling) => text.includes(spelling))]).toEqual([place, []]);
  }
});
