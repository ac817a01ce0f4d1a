import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { forgetContext, contextOf } from "../../../src/context.ts";
import {
  AUTH_URL,
  BY_CODE,
  CLIENT_CREDENTIALS,
  RECEIVER,
  TOKEN_URL,
  attemptTo,
  destinationOf,
  oauthDestination,
  oauthOutside,
  storeToken,
  tokenRow,
} from "../../support/oauth.ts";
import { fakeOutside } from "../../support/world.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, createDestination, faultsOf, request, statusOf, unchecked } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const BASIC = { type: "basic", username: "üser", password: "p:ä ss" } as const;
const BEARER = { type: "bearer", token: "abc.def" } as const;
const GOOD_TOKEN = { access_token: "a", refresh_token: "r", use_until: 4_102_444_800_000 };

async function authOf(id: string): Promise<unknown> {
  return unwrap(await client.destinations.get(id)).auth;
}

describe("the auth of a destination", () => {
  const shownClient = {
    token_url: TOKEN_URL,
    client_id: "hook gate",
    client_auth: "basic",
    scope: "hooks:write extra",
    connected: false,
    token_expires_at: null,
  };

  it.each([
    [BASIC, { type: "basic", username: "üser" }, "p:ä ss"],
    [BEARER, { type: "bearer" }, "abc.def"],
    [CLIENT_CREDENTIALS, { type: "oauth2_client_credentials", ...shownClient }, CLIENT_CREDENTIALS.client_secret],
    [BY_CODE, { type: "oauth2_authorization_code", auth_url: AUTH_URL, ...shownClient }, BY_CODE.client_secret],
  ])("shows all but its secret: $type", async (auth, shown, secret) => {
    const made = await createDestination({ auth: unchecked(auth) });
    expect(made.auth).toEqual(shown);
    const row = JSON.stringify(await tables.destinations.first());
    const texts = [JSON.stringify(made), row];
    for (const path of [`/destinations/${made.id}`, "/destinations"]) texts.push((await request(path)).text);
    for (const text of texts) expect(text).not.toContain(secret);
    for (const text of texts.filter((each) => each !== row)) expect(text).not.toContain("sealed");
    expect(await authOf(made.id)).toEqual(shown);
  });

  it.each([
    [BASIC, `Basic ${new TextEncoder().encode("üser:p:ä ss").toBase64()}`],
    [BEARER, "Bearer abc.def"],
    [{ type: "none" }, null],
  ])("is what the destination gets", async (auth, header) => {
    const outside = oauthOutside();
    await attemptTo(await oauthDestination(auth));
    expect(outside.received).toEqual([header]);
  });

  const evil = ["a\r\nx: 1", "a\nb", "a\rb", "a\u0000b", "a\u0085b", "\ud800"];
  const wrong: [object, string][] = [
    [{ type: "digest" }, "auth.type"],
    [{}, "auth.type"],
    [{ type: "basic", password: "p" }, "auth.username"],
    [{ type: "basic", username: "u:v", password: "p" }, "auth.username"],
    [{ type: "bearer", token: "" }, "auth.token"],
    [{ type: "bearer", token: "a b" }, "auth.token"],
    [{ type: "bearer", token: "ü" }, "auth.token"],
    [{ ...CLIENT_CREDENTIALS, client_id: "" }, "auth.client_id"],
    [{ ...CLIENT_CREDENTIALS, client_secret: "" }, "auth.client_secret"],
    [{ ...CLIENT_CREDENTIALS, client_secret: null }, "auth.client_secret"],
    [{ ...CLIENT_CREDENTIALS, client_auth: "jwt" }, "auth.client_auth"],
    [{ ...CLIENT_CREDENTIALS, scope: "a  b" }, "auth.scope"],
    [{ ...CLIENT_CREDENTIALS, scope: 'a"b' }, "auth.scope"],
    [{ ...CLIENT_CREDENTIALS, auth_url: AUTH_URL }, "auth.auth_url"],
    [{ ...CLIENT_CREDENTIALS, token_url: undefined }, "auth.token_url"],
    [{ ...CLIENT_CREDENTIALS, token_url: "nope" }, "auth.token_url"],
    [{ ...CLIENT_CREDENTIALS, token_url: `${TOKEN_URL}#part` }, "auth.token_url"],
    [{ ...CLIENT_CREDENTIALS, token_url: "https://u:p@login.example.com/" }, "auth.token_url"],
    [{ ...CLIENT_CREDENTIALS, token_url: "https://gate.example.net/token" }, "auth.token_url"],
    [{ ...BY_CODE, auth_url: undefined }, "auth.auth_url"],
    [{ ...BY_CODE, auth_url: "javascript:alert(1)" }, "auth.auth_url"],
    [{ ...BY_CODE, auth_url: `${AUTH_URL}#part` }, "auth.auth_url"],
    ...evil.flatMap((text): [object, string][] => [
      [{ ...BASIC, username: text }, "auth.username"],
      [{ ...BASIC, password: text }, "auth.password"],
      [{ ...BEARER, token: text }, "auth.token"],
      [{ ...BY_CODE, client_id: text }, "auth.client_id"],
      [{ ...BY_CODE, client_secret: text }, "auth.client_secret"],
      [{ ...BY_CODE, scope: text }, "auth.scope"],
      [{ ...BY_CODE, token_url: TOKEN_URL + text }, "auth.token_url"],
      [{ ...BY_CODE, auth_url: AUTH_URL + text }, "auth.auth_url"],
    ]),
  ];

  it.each(wrong.map(([auth, path]) => [JSON.stringify(auth), path, auth] as const))(
    "is refused where it is %s, naming %s",
    async (_, path, auth) => {
      const id = await oauthDestination({ type: "none" });
      for (const reply of [
        await client.destinations.create({ name: "a", url: RECEIVER, auth: unchecked(auth) }),
        await client.destinations.update(id, { auth: unchecked(auth) }),
      ]) {
        expect(statusOf(reply)).toBe(400);
        expect(new Set(faultsOf(reply))).toEqual(new Set([path]));
      }
      expect(await authOf(id)).toEqual({ type: "none" });
    },
  );

  it.each([
    [BASIC, "password"],
    [BEARER, "token"],
    [CLIENT_CREDENTIALS, "client_secret"],
  ])("needs its secret when it is new: $type", async (auth, secret) => {
    const id = await oauthDestination({ type: "none" });
    const without = { ...auth, [secret]: undefined };
    for (const reply of [
      await client.destinations.create({ name: "a", url: RECEIVER, auth: unchecked(without) }),
      await client.destinations.update(id, { auth: unchecked(without) }),
    ]) {
      expect(faultsOf(reply)).toEqual([`auth.${secret}`]);
    }
  });

  it("may call private addresses only where that is allowed", async () => {
    const urls = { token_url: "http://localhost:9/token", auth_url: "http://localhost:9/authorize" };
    const body = { name: "a", url: RECEIVER, auth: { ...BY_CODE, ...urls } };
    expect(statusOf(await client.destinations.create(unchecked(body)))).toBe(201);
    forgetContext();
    const strict = { ALLOW_PRIVATE_DESTINATIONS: "false" };
    const refused = await clientOf({ bindings: strict }).destinations.create(unchecked(body));
    expect(faultsOf(refused)).toEqual(["auth.auth_url", "auth.token_url"]);
  });
});

describe("PATCH of auth", () => {
  it("keeps a secret that is left out, while the type stays", async () => {
    const id = await oauthDestination();
    const sealed = (await destinationOf(id)).auth;
    const { client_secret: _, ...rest } = CLIENT_CREDENTIALS;
    await client.destinations.update(id, { auth: unchecked({ ...rest, scope: "other", client_auth: "post" }) });
    const outside = oauthOutside();
    await attemptTo(id);
    expect(outside.tokenCalls[0]?.form).toMatchObject({
      scope: "other",
      client_secret: CLIENT_CREDENTIALS.client_secret,
    });
    expect((await destinationOf(id)).auth).toEqual({ ...sealed, scope: "other", client_auth: "post" });
    const other = await client.destinations.update(id, { auth: { type: "basic", username: "u" } });
    expect(faultsOf(other)).toEqual(["auth.password"]);
  });

  it("takes the secret away from a client where it is null", async () => {
    const id = await oauthDestination(BY_CODE);
    await client.destinations.update(id, { auth: unchecked({ ...BY_CODE, client_secret: null }) });
    expect((await destinationOf(id)).auth).toMatchObject({ sealed_client_secret: null });
  });

  it.each([
    ["the scope", { auth: { ...BY_CODE, scope: "other" } }, null],
    ["the client", { auth: { ...BY_CODE, client_id: "other" } }, null],
    ["the secret", { auth: { ...BY_CODE, client_secret: "other" } }, null],
    ["the URL", { url: "https://elsewhere.example.com/" }, null],
    ["nothing of it", { auth: BY_CODE, url: RECEIVER }, "kept"],
    ["the name", { name: "other" }, "kept"],
  ])("that changes %s leaves the token %s", async (_, change, kept) => {
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, GOOD_TOKEN);
    await client.destinations.authorize(id);
    const reply = await client.destinations.update(id, unchecked(change));
    expect(unwrap(reply).auth).toMatchObject({ connected: kept !== null });
    expect((await tokenRow(id)) === null).toBe(kept === null);
    expect(await tables.oauth_requests.count()).toBe(kept === null ? 0 : 1);
  });
});

describe("a destination's token", () => {
  it("is told of in the single view and in lists", async () => {
    const id = await oauthDestination(BY_CODE);
    await oauthDestination({ type: "none" });
    await storeToken(id, GOOD_TOKEN);
    const told = { connected: true, token_expires_at: "2100-01-01T00:00:00.000Z" };
    expect(await authOf(id)).toMatchObject(told);
    const { data } = unwrap(await client.destinations.list());
    expect(data[1]?.auth).toMatchObject(told);
    expect(data[0]?.auth).toEqual({ type: "none" });
  });

  it("that has expired and cannot be renewed is not used", async () => {
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, { ...GOOD_TOKEN, refresh_token: null, use_until: 1_000 });
    expect(await authOf(id)).toMatchObject({ connected: false, token_expires_at: "1970-01-01T00:00:01.000Z" });
  });

  it("goes with the destination", async () => {
    const id = await oauthDestination(BY_CODE);
    await storeToken(id, GOOD_TOKEN);
    await client.destinations.authorize(id);
    await client.destinations.delete(id);
    for (const table of ["oauth_tokens", "oauth_requests"] as const) {
      expect(await tables[table].all()).toEqual([]);
    }
  });
});

describe("headers that hold secrets", () => {
  const headers = {
    "X-Api-Key": "k3y-of-ours",
    Cookie: "s=session-1",
    "X-Team": "ops",
    "Proxy-Authorization": "Basic b3VyczpzZWNyZXQ=",
    "X-Jwt": "jot",
    "X-Passphrase": "phrase",
  };
  const shown = {
    "x-api-key": "••••",
    cookie: "••••",
    "x-team": "ops",
    "proxy-authorization": "••••",
    "x-jwt": "••••",
    "x-passphrase": "••••",
  };

  it("are sealed at rest, shown redacted, and sent as they are", async () => {
    const made = await createDestination({ url: RECEIVER, headers });
    expect(made.headers).toEqual(shown);
    const row = JSON.stringify(await tables.destinations.first());
    for (const secret of ["k3y-of-ours", "s=session-1", "b3VyczpzZWNyZXQ="]) expect(row).not.toContain(secret);
    expect(unwrap(await client.destinations.list()).data[0]?.headers).toEqual(shown);
    const seen = fakeOutside();
    await attemptTo(made.id);
    const sent = Object.fromEntries(seen[0]?.headers ?? []);
    expect(sent).toMatchObject({
      "x-api-key": "k3y-of-ours",
      "x-team": "ops",
      "proxy-authorization": "Basic b3VyczpzZWNyZXQ=",
    });
  });

  it("are kept where they are given back as they are shown", async () => {
    const made = await createDestination({ url: RECEIVER, headers });
    const id = made.id;
    const changed = await client.destinations.update(id, {
      headers: { "X-API-Key": "••••", "x-team": "dev", "x-token": "new" },
    });
    expect(unwrap(changed).headers).toEqual({ "x-api-key": "••••", "x-team": "dev", "x-token": "••••" });
    const { sealed_headers } = await destinationOf(id);
    const opened = await contextOf(env).keys.unseal(sealed_headers["x-api-key"] ?? "", id);
    expect(opened).toEqual({ ok: true, value: "k3y-of-ours" });
    expect(unwrap(await client.destinations.update(id, { name: "b" })).headers).toEqual(unwrap(changed).headers);
  });

  it("cannot be given as they are shown where there is nothing to keep", async () => {
    const { id } = await createDestination({ headers: { "x-team": "ops" } });
    for (const name of ["x-api-key", "x-team", "constructor"]) {
      const given = { headers: { [name]: "••••" } };
      expect(faultsOf(await client.destinations.update(id, given))).toEqual([`headers.${name}`]);
      expect(faultsOf(await client.destinations.create({ name: "a", url: RECEIVER, ...given }))).toEqual([
        `headers.${name}`,
      ]);
    }
    expect(faultsOf(await client.destinations.update(id, { headers: { host: "••••" } }))).toEqual(["headers.host"]);
  });

  it("may not hold the authorization that auth is there for", async () => {
    const given = { headers: { Authorization: "Bearer x" }, auth: BASIC };
    const both = await client.destinations.create(unchecked({ name: "a", url: RECEIVER, ...given }));
    expect(faultsOf(both)).toEqual(["headers.authorization"]);
    const { id: withHeader } = await createDestination({ headers: given.headers });
    const { id: withAuth } = await createDestination({ auth: BASIC });
    for (const reply of [
      await client.destinations.update(withHeader, { auth: BASIC }),
      await client.destinations.update(withAuth, { headers: given.headers }),
    ]) {
      expect(faultsOf(reply)).toEqual(["headers.authorization"]);
    }
    const moved = await client.destinations.update(withHeader, { auth: BASIC, headers: {} });
    expect(statusOf(moved)).toBe(200);
  });
});
