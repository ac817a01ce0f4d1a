import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration, faultsOf, fieldOf, statusOf, unchecked } from "../../support/api.ts";
import { post } from "../../support/posting.ts";

const KEY = Buffer.from("a key of Microsoft Teams");
const TEAMS = {
  type: "signature",
  scheme: "hmac",
  header: "authorization",
  prefix: "HMAC ",
  encoding: "base64",
} as const;

const create = async (auth: object) =>
  await client.integrations.create({ name: "a", type: "catch", auth: unchecked({ ...TEAMS, ...auth }) });

describe("the notation of an HMAC's secret", () => {
  it("decides how the key is read", async () => {
    const secret = KEY.toString("base64");
    const created = unwrap(await create({ secret, secret_encoding: "base64" }));
    expect(fieldOf(created.auth, "secret_encoding")).toBe("base64");
    const send = async (key: Buffer | string): Promise<number> => {
      const body = '{"text":"hello"}';
      const authorization = `HMAC ${createHmac("sha256", key).update(body).digest("base64")}`;
      const headers = { authorization, "content-type": "application/json" };
      return (await post(env, `/integration/${created.id}`, { headers, body })).status;
    };
    expect([await send(KEY), await send(secret)]).toEqual([200, 401]);
  });

  it.each([
    [{ secret_encoding: "base64" }, ["auth.secret"]],
    [{ secret_encoding: "hex", secret: "xyz" }, ["auth.secret"]],
    [{ secret_encoding: "base64", secret: "not base64!" }, ["auth.secret"]],
    [{ secret_encoding: "utf8", secret: "x" }, ["auth.secret_encoding"]],
  ])("refuses %j", async (auth, faults) => {
    const reply = await create(auth);
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual(faults);
  });

  it("changes only together with the secret", async () => {
    const { id } = await createIntegration({ auth: { ...TEAMS, secret: "71727374" } });
    const change = async (auth: object) =>
      await client.integrations.update(id, { auth: unchecked({ type: "signature", scheme: "hmac", ...auth }) });
    expect(faultsOf(await change({ secret_encoding: "hex" }))).toEqual(["auth.secret"]);
    const changed = await change({ secret_encoding: "hex", secret: "71727374" });
    expect(fieldOf(unwrap(changed).auth, "secret_encoding")).toBe("hex");
    expect(statusOf(await change({ prefix: "sha256=" }))).toBe(200);
  });
});
