import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { client, statusOf, textOf, unchecked } from "../support/api.ts";
import {
  AUTH_URL,
  BY_CODE,
  CALLBACK,
  CLIENT_SECRET,
  type Outside,
  attemptTo,
  authorized,
  begin,
  comeBack,
  oauthDestination,
  oauthOutside,
  tokenRow,
} from "../support/oauth.ts";
import { ringOf } from "../support/key-ring.ts";
import { tables } from "../support/tables.ts";

let outside: Outside;

beforeEach(() => {
  outside = oauthOutside();
});
async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}

const UNKNOWN = "is unknown, was already used, or has expired";

async function expectRefused(response: Response, text: string): Promise<void> {
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(text);
}

describe("the way to a token", () => {
  it("leads through the authorization server and back, with PKCE, and ends in a delivery", async () => {
    const id = await oauthDestination({ ...BY_CODE, auth_url: `${AUTH_URL}?access_type=offline` });
    expect((await attemptTo(id)).error).toContain("not authorized yet");
    expect(outside.tokenCalls).toHaveLength(0);

    const url = await begin(id);
    expect(url.origin + url.pathname).toBe(AUTH_URL);
    const { state = "", code_challenge: challenge, ...others } = Object.fromEntries(url.searchParams);
    expect(others).toEqual({
      access_type: "offline",
      response_type: "code",
      client_id: "hook gate",
      redirect_uri: CALLBACK,
      scope: "hooks:write extra",
      code_challenge_method: "S256",
    });
    expect(state).toMatch(/^[A-Za-z0-9_-]{43}$/);

    const response = await comeBack({ state, code: "c0de", iss: "https://somewhere.example.com" });
    expect(response.status).toBe(200);
    const page = await response.text();
    for (const never of ["token-1", "refresh-1", "c0de", state]) expect(page).not.toContain(never);
    const { code_verifier: verifier = "", ...sent } = outside.tokenCalls[0]?.form ?? {};
    expect(sent).toEqual({ grant_type: "authorization_code", code: "c0de", redirect_uri: CALLBACK });
    expect(await challengeOf(verifier)).toBe(challenge);

    const shown = await client.destinations.get(id);
    expect(unwrap(shown).auth).toMatchObject({ connected: true, token_expires_at: expect.stringMatching(/Z$/) });
    expect(textOf(shown)).not.toContain("sealed");
    expect((await attemptTo(id)).status).toBe(200);
    expect(outside.received).toEqual(["Bearer token-1"]);
  });

  it("ends where the token endpoint is another one by now, however that came between: the code is not sent there", async () => {
    const id = await oauthDestination(BY_CODE);
    const url = await begin(id);
    const token_url = "https://thief.example.net/token";
    await tables.destinations.edit<object>({ id }, "auth", (auth) => ({ ...auth, token_url }));
    const response = await comeBack({ state: url.searchParams.get("state") ?? "", code: "c0de" });
    await expectRefused(response, "was changed in the meantime");
    expect([...outside.tokenCalls, ...outside.elsewhere]).toEqual([]);
  });

  it("works for a client without a secret", async () => {
    await authorized({ ...BY_CODE, client_secret: undefined });
    expect(outside.tokenCalls[0]?.form).toMatchObject({ client_id: "hook gate" });
    expect(outside.tokenCalls[0]?.form).not.toHaveProperty("client_secret");
    expect(outside.tokenCalls[0]?.headers.get("authorization")).toBeNull();
  });

  it("keeps nothing in the clear on the way", async () => {
    const id = await oauthDestination(BY_CODE);
    const url = await begin(id);
    const row = JSON.stringify(await tables.oauth_requests.first());
    expect(row).not.toContain(url.searchParams.get("state"));
    expect(row).not.toContain("redirect_uri");
  });

  it("is open to destinations of this kind only", async () => {
    const other = await oauthDestination({ type: "none" });
    expect(statusOf(await client.destinations.authorize(other))).toBe(409);
    expect(statusOf(await client.destinations.authorize("dst_none"))).toBe(404);
    const id = await oauthDestination(BY_CODE);
    expect(statusOf(await client.destinations.authorize(id, unchecked({ state: "mine" })))).toBe(400);
    const key = { "idempotency-key": "once" };
    const [one, two] = [
      await client.destinations.authorize(id, undefined, { headers: key }),
      await client.destinations.authorize(id, undefined, { headers: key }),
    ];
    expect(unwrap(two)).toEqual(unwrap(one));
    expect(await tables.oauth_requests.count()).toBe(1);
  });
});

describe("the callback", () => {
  it("takes a state once", async () => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    const both = await Promise.all([comeBack({ state, code: "a" }), comeBack({ state, code: "b" })]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 400]));
    await expectRefused(await comeBack({ state, code: "c" }), UNKNOWN);
    expect(outside.tokenCalls).toHaveLength(1);
  });

  it.each([
    ["no state", { code: "c" }],
    ["an empty state", { state: "", code: "c" }],
    ["a forged state", { state: "A".repeat(43), code: "c" }],
    ["a state of another shape", { state: "' OR 1=1 --", code: "c" }],
  ])("refuses %s", async (_, parameters: Readonly<Record<string, string>>) => {
    await begin(await oauthDestination(BY_CODE));
    await expectRefused(await comeBack(parameters), UNKNOWN);
    expect(outside.tokenCalls).toHaveLength(0);
  });

  it("refuses two states, of which one is good, and leaves that good", async () => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    const response = await exports.default.fetch(`${CALLBACK}?state=${state}&state=x&code=c`);
    expect(response.status).toBe(400);
    expect((await comeBack({ state, code: "c" })).status).toBe(200);
  });

  it("refuses a state that is ten minutes old", async () => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    await tables.oauth_requests.update({}, (row) => ({ expires_at: Number(row["expires_at"]) - 600_000 }));
    await expectRefused(await comeBack({ state, code: "c" }), UNKNOWN);
    expect(outside.tokenCalls).toHaveLength(0);
  });

  it.each([
    [
      "changed",
      async (id: string) => await client.destinations.update(id, { auth: unchecked({ ...BY_CODE, scope: "x" }) }),
    ],
    ["deleted", async (id: string) => await client.destinations.delete(id, { force: true })],
  ])("refuses the state of a destination that was %s meanwhile", async (_, change) => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    await change(id);
    await expectRefused(await comeBack({ state, code: "c" }), UNKNOWN);
    expect(await tokenRow(id)).toBeNull();
  });

  it("shows what the server refused with as text, and uses the state up", async () => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    const response = await comeBack({
      state,
      error: "access_denied<script>alert(1)</script>",
      error_description: `"no"\r\n<img src=x>\u202e${"x".repeat(1_000)}`,
    });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const page = await response.text();
    expect(page).toContain("access_denied&lt;script&gt;");
    expect(page).not.toMatch(/<script|<img|\u202e|x{400}/);
    await expectRefused(await comeBack({ state, code: "c" }), UNKNOWN);
  });

  it.each(["the request", "the client's secret"])(
    "is a 503 while the key of %s is not on record, and succeeds with the same state once it is",
    async (sealed) => {
      const id = await oauthDestination(BY_CODE);
      const state = (await begin(id)).searchParams.get("state") ?? "";
      const foreign = await ringOf(9).seal("{}", id);
      const known = {
        auth: await tables.destinations.value("auth", { id }),
        sealed: await tables.oauth_requests.value("sealed"),
      };
      if (sealed === "the request") await tables.oauth_requests.update({}, { sealed: foreign });
      else {
        const auth = { ...JSON.parse(String(known.auth)), sealed_client_secret: foreign };
        await tables.destinations.update({ id }, { auth });
      }
      vi.spyOn(console, "error").mockImplementation(() => {});
      for (const accept of ["text/html", "application/json"]) {
        const response = await comeBack({ state, code: "c" }, { headers: { accept } });
        expect(response.status).toBe(503);
        expect(response.headers.get("retry-after")).not.toBeNull();
        expect(await response.json()).toMatchObject({ code: "keys_unavailable" });
      }
      expect(outside.tokenCalls).toHaveLength(0);
      await tables.oauth_requests.update({}, { sealed: known.sealed });
      await tables.destinations.update({ id }, { auth: known.auth });
      expect((await comeBack({ state, code: "c" })).status).toBe(200);
      await expectRefused(await comeBack({ state, code: "c" }), UNKNOWN);
    },
  );

  it("shows a destination's name as text", async () => {
    const id = await oauthDestination(BY_CODE, { name: "<b>bold</b>" });
    const state = (await begin(id)).searchParams.get("state") ?? "";
    const page = await (await comeBack({ state, code: "c" })).text();
    expect(page).toContain("&lt;b&gt;bold");
  });

  it("tells a failure of the token endpoint without its words", async () => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    outside.answer = () =>
      Response.json({ error: "invalid_client", error_description: CLIENT_SECRET }, { status: 401 });
    const response = await comeBack({ state, code: "c" }, { headers: {} });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      status: 400,
      detail: "The token endpoint responded with 401 invalid_client.",
    });
  });

  it("takes nothing but GET, so that looking does not use a state up", async () => {
    const id = await oauthDestination(BY_CODE);
    const state = (await begin(id)).searchParams.get("state") ?? "";
    for (const method of ["HEAD", "POST", "PUT"]) {
      expect((await comeBack({ state, code: "c" }, { method })).status).toBe(405);
    }
    expect((await comeBack({ state, code: "c" })).status).toBe(200);
  });
});
