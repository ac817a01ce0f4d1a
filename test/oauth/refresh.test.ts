import { asPrimary } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../src/context.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import {
  BY_CODE,
  type Outside,
  attemptTo,
  authorized,
  begin,
  comeBack,
  elsewhere,
  oauthDestination,
  oauthOutside,
  storeToken,
  tokenRow,
} from "../support/oauth.ts";
import { watchedDatabase } from "../support/watched-database.ts";
import { createWorld } from "../support/world.ts";

let outside: Outside;

beforeEach(() => {
  outside = oauthOutside();
});
describe("a refresh token", () => {
  it("is used once by concurrent attempts, and replaced by the one it brings", async () => {
    const id = await authorized();
    const isolates = Array.from({ length: 6 }, () => elsewhere());
    for (const round of [2, 3, 4]) {
      outside.accepted = new Set([`token-${round}`]);
      const attempts = await Promise.all(
        Array.from({ length: 12 }, (_, index) => attemptTo(id, isolates[index % 6] ?? elsewhere())),
      );
      expect(attempts.map(({ error }) => error)).toEqual(Array.from({ length: 12 }, () => null));
    }
    expect(outside.tokenCalls.slice(1).map(({ form }) => form["refresh_token"])).toEqual([
      "refresh-1",
      "refresh-2",
      "refresh-3",
    ]);
  });

  it("stays valid if the server sends no other", async () => {
    outside.answer = () => Response.json({ access_token: "a", token_type: "bearer", expires_in: 100 });
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, { access_token: "old", refresh_token: "for ever", use_until: 1 });
    const world = createWorld();
    await attemptTo(id, world.context);
    world.pass(200_000);
    await attemptTo(id, world.context);
    expect(outside.tokenCalls.map(({ form }) => form["refresh_token"])).toEqual(["for ever", "for ever"]);
  });

  it("that is revoked means that the destination must be authorized again", async () => {
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, { access_token: "old", refresh_token: "revoked", use_until: 1 });
    expect((await attemptTo(id)).error).toBe(
      "The token endpoint responded with 400 invalid_grant. Authorize the destination again.",
    );
    expect(await tokenRow(id)).toBeNull();
    expect(unwrap(await client.destinations.get(id)).auth).toMatchObject({ connected: false });
    expect((await attemptTo(id)).error).toContain("not authorized yet");
  });

  it("is kept if the server only fails", async () => {
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, { access_token: "old", refresh_token: "good", use_until: 1 });
    outside.answer = () => Response.json({ error: "temporarily_unavailable" }, { status: 503 });
    expect((await attemptTo(id)).error).toBe("The token endpoint responded with 503.");
    expect((await tokenRow(id))?.["leased_until"]).toBe(0);
    expect(unwrap(await client.destinations.get(id)).auth).toMatchObject({ connected: true });
  });

  it("whose successor is stored at the second try is not lost", async () => {
    const id = await authorized();
    let failures = 1;
    const DB = watchedDatabase({
      before: async (sql) => {
        if (sql.startsWith("UPDATE oauth_tokens SET sealed") && failures-- > 0) throw new Error("connection lost");
      },
    });
    const context = elsewhere();
    outside.accepted = new Set(["token-2"]);
    expect((await attemptTo(id, { ...context, primary: asPrimary(DB) })).status).toBe(200);
    outside.accepted = new Set(["token-3"]);
    expect((await attemptTo(id, elsewhere())).status).toBe(200);
    expect(outside.tokenCalls.at(-1)?.form["refresh_token"]).toBe("refresh-2");
  });

  it("that is missing ends the authorization with the token", async () => {
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, { access_token: "old", refresh_token: null, use_until: 1 });
    expect((await attemptTo(id)).error).toContain("has expired");
    await storeToken(id, { access_token: "old", refresh_token: null, use_until: null });
    outside.accepted = new Set();
    const attempt = await attemptTo(id);
    expect(attempt.status).toBe(401);
    expect(attempt.error).toContain("has expired");
    expect(outside.tokenCalls).toHaveLength(0);
  });
});

it("an authorization during the renewal of a token wins", async () => {
  const id = await authorized();
  const state = (await begin(id)).searchParams.get("state") ?? "";
  outside.accepted = new Set(["from-callback"]);
  outside.answer = async ({ form }) => {
    const answer = (access_token: string) => Response.json({ access_token, token_type: "bearer", refresh_token: "r" });
    if (form["grant_type"] === "authorization_code") return answer("from-callback");
    expect((await comeBack({ state, code: "again" })).status).toBe(200);
    return answer("from-refresh");
  };
  await attemptTo(id, elsewhere());
  expect((await attemptTo(id, elsewhere())).status).toBe(200);
  const sealed = String((await tokenRow(id))?.["sealed"]);
  const opened = await contextOf(env).keys.unseal(sealed, id);
  expect(opened.ok && opened.value).toContain("from-callback");
});
