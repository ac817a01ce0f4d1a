import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, temporary } from "./run.ts";
import { EMPTY, TOKEN, problem, standIn } from "./stand-in.ts";

// `login`, `logout` and which gateway a command calls.

const HOLDER = {
  actor: "tok_1",
  scopes: ["admin"],
  token: { id: "tok_1", name: "CI" },
  expires_at: "2030-01-01T00:00:00.000Z",
};

function admin() {
  return standIn(({ headers, path }) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return problem(401, "The token was not accepted.");
    return path === "/sessions/current" ? { body: HOLDER } : EMPTY;
  });
}

test("login checks the token, and saves it for its owner only", async () => {
  const { url } = await admin();
  const home = temporary();
  const env = { XDG_CONFIG_HOME: home };
  const file = join(home, "hookgate/profiles.json");
  const refused = await run(["login", "--url", url, "--token", "-"], { env, input: "wrong\n" });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("not accepted")]);
  expect(() => statSync(file)).toThrow("ENOENT");

  const accepted = await run(["login", "--url", `${url}/`, "--token", "-"], { env, input: `${TOKEN}\n` });
  expect([accepted.code, accepted.stderr]).toEqual([0, ""]);
  expect(accepted.stdout).toContain("read, write, admin");
  expect(accepted.stdout).not.toContain(TOKEN);
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  expect((statSync(join(home, "hookgate")).mode & 0o777).toString(8)).toBe("700");
  const whoami = await run(["whoami", "--json"], { env });
  const holder = { name: "CI", scopes: ["read", "write", "admin"], expires_at: HOLDER.expires_at };
  expect(JSON.parse(whoami.stdout)).toMatchObject({ url, profile: "default", ...holder });
  expect(whoami.stdout).not.toContain(TOKEN);

  expect((await run(["logout"], { env })).code).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain(TOKEN);
  expect((await run(["whoami"], { env })).code).toBe(1);
  expect((await run(["logout"], { env })).code).toBe(1);
});

test("profiles are chosen by flag, then by the environment, then by the last login", async () => {
  const [one, two] = [await admin(), await admin()];
  const env = { XDG_CONFIG_HOME: temporary() };
  for (const [name, { url }] of [
    ["one", one],
    ["two", two],
  ] as const) {
    const args = ["login", "--url", url, "--profile", name];
    expect((await run(args, { env: { ...env, HOOKGATE_TOKEN: TOKEN } })).code).toBe(0);
  }
  const urlOf = async (args: readonly string[], more = {}): Promise<string> => {
    const { stdout } = await run(["open", "--json", ...args], { env: { ...env, ...more } });
    return JSON.parse(stdout).url;
  };
  expect(await urlOf([])).toBe(`${two.url}/`);
  expect(await urlOf([], { HOOKGATE_PROFILE: "one" })).toBe(`${one.url}/`);
  expect(await urlOf(["--profile", "two"], { HOOKGATE_PROFILE: "one" })).toBe(`${two.url}/`);
  const other = { HOOKGATE_URL: "http://localhost:3", HOOKGATE_TOKEN: "other" };
  expect(await urlOf([], other)).toBe("http://localhost:3/");
  expect(await urlOf(["--profile", "one"], other)).toBe(`${one.url}/`);
  expect(await urlOf(["--url", "http://localhost:4", "--token", "t"], other)).toBe("http://localhost:4/");
  const unknown = await run(["whoami", "--profile", "three"], { env });
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("The profiles are: one, two")]);
});

test("an address without a scheme is encrypted, except on this machine", async () => {
  const env = { XDG_CONFIG_HOME: temporary(), HOOKGATE_TOKEN: TOKEN };
  for (const [given, url] of [
    ["hooks.example.com", "https://hooks.example.com"],
    ["localhost.example.com/", "https://localhost.example.com"],
    ["localhost:8787", "http://localhost:8787"],
    ["127.0.0.1:8787/", "http://127.0.0.1:8787"],
    ["http://hooks.example.com/", "http://hooks.example.com"],
  ] as const) {
    const { stdout } = await run(["open", "--json", "--url", given], { env });
    expect(JSON.parse(stdout)).toEqual({ url: `${url}/` });
  }
  const { url } = await admin();
  const { code, stderr } = await run(["whoami", "--url", url.replace("http:", "https:")], { env });
  expect([code, stderr]).toEqual([1, expect.stringContaining("with http:// instead of https://")]);
});

test("the token of a profile is not sent to another gateway", async () => {
  const [own, other] = [await admin(), await admin()];
  const env = { XDG_CONFIG_HOME: temporary() };
  await run(["login", "--url", own.url], { env: { ...env, HOOKGATE_TOKEN: TOKEN } });
  for (const [args, more] of [
    [["whoami", "--url", other.url], {}],
    [["whoami"], { HOOKGATE_URL: other.url }],
  ] as const) {
    const { code, stderr } = await run(args, { env: { ...env, ...more } });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`There is no token for ${other.url}`)]);
  }
  expect(other.requests).toEqual([]);
});

test("a folder that cannot be written to is an error that says what to do instead", async () => {
  const { url } = await admin();
  const file = join(temporary(), "file");
  writeFileSync(file, "");
  // /proc refuses new folders as if they did not exist, whoever asks.
  const homes = [file, join(file, "deeper"), ...(process.platform === "linux" ? ["/proc"] : [])];
  for (const home of homes) {
    const env = { XDG_CONFIG_HOME: home, HOOKGATE_TOKEN: TOKEN };
    const { code, stderr } = await run(["login", "--url", url], { env });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/profiles\.json cannot be (?:read|written): /)]);
    expect(stderr).toContain("hint: Set the environment variables HOOKGATE_URL and HOOKGATE_TOKEN instead");
  }
  const deep = join(temporary(), "a/b");
  expect((await run(["login", "--url", url], { env: { XDG_CONFIG_HOME: deep, HOOKGATE_TOKEN: TOKEN } })).code).toBe(0);
  expect((statSync(join(deep, "hookgate")).mode & 0o777).toString(8)).toBe("700");
});

test("without a home, what flags and environment say is enough", async () => {
  const { url } = await admin();
  for (const HOME of ["", "/nonexistent", "/dev/null"]) {
    const env = { HOME, XDG_CONFIG_HOME: "", HOOKGATE_URL: url, HOOKGATE_TOKEN: TOKEN };
    expect((await run(["whoami"], { env })).code).toBe(0);
  }
});

test("a damaged file of profiles is an error that names it", async () => {
  const home = temporary();
  const env = { XDG_CONFIG_HOME: home };
  const { url } = await admin();
  await run(["login", "--url", url], { env: { ...env, HOOKGATE_TOKEN: TOKEN } });
  writeFileSync(join(home, "hookgate/profiles.json"), "{");
  const { code, stderr } = await run(["whoami"], { env });
  expect([code, stderr]).toEqual([1, expect.stringContaining("profiles.json is not valid JSON")]);
});

test.each([
  [403, 403, ["read"]],
  [404, 403, ["read", "write"]],
  [404, 200, ["read", "write", "admin"]],
])(
  "with a gateway that does not name the caller, scopes follow from what is refused (%i, %i)",
  async (write, admins, scopes) => {
    const { json, requests } = await standIn(({ path, method }) => {
      if (path === "/sessions/current") return problem(404, "There is nothing at this address.");
      if (method === "POST") return problem(write, "No.");
      return path === "/tokens" && admins !== 200 ? problem(admins, "No.") : EMPTY;
    });
    expect(await json(["whoami"])).toMatchObject({ scopes, name: null });
    expect(requests.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual([
      "/alerts/alr_none/acknowledge",
    ]);
  },
);

test.each([
  [".config", { HOME: "", XDG_CONFIG_HOME: "" }],
  ["relative", { XDG_CONFIG_HOME: "relative" }],
])("profiles are never in the current folder: %s", async (folder, env) => {
  const cwd = temporary();
  mkdirSync(join(cwd, folder, "hookgate"), { recursive: true });
  const planted = { current: "planted", profiles: { planted: { url: "http://127.0.0.1:1", token: TOKEN } } };
  writeFileSync(join(cwd, folder, "hookgate/profiles.json"), JSON.stringify(planted));
  const { code, stderr } = await run(["whoami", "--profile", "planted"], { env, cwd });
  expect([code, stderr]).toEqual([1, expect.stringContaining('There is no profile "planted"')]);
});
