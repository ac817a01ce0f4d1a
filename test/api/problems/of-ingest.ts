import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { app } from "../../../src/app.ts";
import { contextOf, forgetContext } from "../../../src/context.ts";
import type { ProblemCode } from "../../../src/net/problem-codes.ts";
import { createIntegration } from "../../support/api.ts";
import { fakeDatabase, fakeQueue } from "../../support/bindings.ts";
import { tables } from "../../support/tables.ts";
import { watchedDatabase } from "../../support/watched-database.ts";
import { type Provocation, send, webhook } from "./provoke.ts";

// Problems that senders and visitors receive, each by a request that causes it.

const CREATE = JSON.stringify({ event_type: "create", Id: "disk", Title: "Disk full" });

async function afterCreation(more: Parameters<typeof createIntegration>[0], ...request: [BodyInit, object?]) {
  const { id } = await createIntegration(more);
  return await webhook(id, request[0], { ...request[1] });
}

function brokenDatabase(): D1Database {
  const database = fakeDatabase();
  database.behaviour = "throws";
  return database.db;
}

export const OF_INGEST = {
  authorization_failed: () => send("/oauth/callback?state=none"),
  incomplete_body: () =>
    afterCreation({}, new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) })),
  async invalid_host() {
    const request = new Request("https://gate.example.net/api/v1/events");
    // The constructor refuses such a URL; a client may send it all the same.
    Object.defineProperty(request, "url", { value: "https://not a host/api/v1/events" });
    return await app.fetch(request, env);
  },
  invalid_request: () => afterCreation({}, "["),
  bad_credentials: () => afterCreation({ auth: { type: "bearer" } }, CREATE),
  bad_signature: () => afterCreation({ auth: { type: "signature", scheme: "github" } }, CREATE),
  address_not_allowed: () => afterCreation({ allowed_ips: ["192.0.2.1"] }, CREATE),
  bad_token: () => afterCreation({ auth: { type: "token" } }, CREATE),
  unknown_integration: () => webhook("int_none", CREATE),
  disabled_integration: () => afterCreation({ enabled: false }, CREATE),
  async key_already_known() {
    const auth = { type: "signature", scheme: "asana", secret: "known", verify_token: "verify" } as const;
    const { id } = await createIntegration({ auth });
    return await send(`/integration/${id}?verify_token=verify`, {
      method: "POST",
      headers: { "x-hook-secret": "new" },
    });
  },
  async query_too_long() {
    return await webhook(`${(await createIntegration()).id}?q=${"q".repeat(17_000)}`, CREATE);
  },
  encoded_body: () => afterCreation({}, CREATE, { "content-encoding": "br" }),
  async rate_limited() {
    const { id } = await createIntegration({ rate_limit: { requests: 1, period_seconds: 60 } });
    await webhook(id, CREATE);
    return await webhook(id, CREATE);
  },
  async configuration_unavailable() {
    const { id } = await createIntegration();
    forgetContext();
    const DB = watchedDatabase({
      async before(sql) {
        if (sql.includes("FROM integrations")) throw new Error("down");
      },
    });
    return await send(`/integration/${id}`, { method: "POST", body: CREATE }, { DB });
  },
  confirmation_failed() {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("down"));
    const SubscribeURL = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=a&Token=b";
    const body = JSON.stringify({ Type: "SubscriptionConfirmation", SubscribeURL });
    const headers = { "x-amz-sns-message-type": "SubscriptionConfirmation" };
    return afterCreation({ type: "rules", options: { rule_set: "cloudwatch" } }, body, headers);
  },
  async keys_unavailable() {
    await contextOf(env).keys.ready();
    forgetContext();
    return await send("/.well-known/jwks.json", {}, { MASTER_KEY: new Uint8Array(32).fill(8).toBase64() });
  },
  async not_durable() {
    const { id } = await createIntegration();
    await webhook(id, CREATE);
    const changes = { EVENTS: fakeQueue("throws").queue, DB: brokenDatabase() };
    return await send(`/integration/${id}`, { method: "POST", body: CREATE }, changes);
  },
  not_ready: () => send("/ready"),
  not_set_up() {
    forgetContext();
    return send("/api/v1/events", {}, { ADMIN_TOKEN: "" });
  },
  async shard_not_bound() {
    const { id } = await createIntegration();
    await tables.integrations.update({ id }, { shard: 1 });
    forgetContext();
    return await webhook(id, CREATE);
  },
} as const satisfies Partial<Record<ProblemCode, Provocation>>;
