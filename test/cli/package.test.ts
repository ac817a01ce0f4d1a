import { execFile } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT, environment, temporary } from "./run.ts";
import { EMPTY, TOKEN, standIn } from "./stand-in.ts";

// The package that `npm pack` makes, installed into an empty folder.

const execute = promisify(execFile);

async function stdoutOf(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
) {
  const { stdout } = await execute(command, args, { cwd, env: environment(env), encoding: "utf8" });
  return stdout;
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  return await stdoutOf("npm", [...args, ...quiet], cwd);
}

test("an installed package runs without the checkout", async () => {
  const { url, requests } = await standIn(() => ({
    body: { data: [], next_cursor: null, changes: [], version: 1 },
  }));
  const folder = temporary();
  const [{ filename, files }] = JSON.parse(await npm(["pack", "--json", "--pack-destination", folder], ROOT));
  expect(files.map(({ path }: { path: string }) => path).toSorted()).toEqual([
    "LICENSE",
    "README.md",
    "THIRD_PARTY_NOTICES.txt",
    "bin/hookgate.mjs",
    "package.json",
    "scripts/hookgate.mjs",
  ]);
  writeFileSync(join(folder, "package.json"), '{"name":"elsewhere","private":true}');
  await npm(["install", "--prefer-offline", "--ignore-scripts", join(folder, filename)], folder);
  const env = { HOOKGATE_URL: url, HOOKGATE_TOKEN: TOKEN, XDG_CONFIG_HOME: folder };
  const run = async (args: readonly string[]) =>
    await stdoutOf("npx", ["--no-install", "hookgate", ...args], folder, env);
  expect(await run(["--version"])).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(JSON.parse(await run(["events", "list", "--json"]))).toEqual(EMPTY.body);
  expect(requests).toHaveLength(1);
  // Each of these needs a package that the command loads only then.
  expect(await run(["config", "pull"])).toContain("version: 1\n");
  writeFileSync(join(folder, "hookgate.yaml"), "version: 1\n");
  expect(await run(["config", "diff"])).toBe("No differences.\n");
  expect(await run(["completion", "bash"])).toContain("complete -o default");
  expect(await run(["login"])).toContain(`Signed in to ${url}`);
  expect(JSON.parse(await run(["whoami", "--profile", "default", "--json"]))).toMatchObject({
    profile: "default",
    url,
  });
  expect(existsSync(join(folder, "node_modules/hookgate/src"))).toBe(false);
  expect(readdirSync(join(folder, "node_modules/.bin"))).toContain("hookgate");
});

test("a checkout runs it by npx", async () => {
  expect(await stdoutOf("npx", ["hookgate", "--version"], ROOT)).toMatch(/^\d+\.\d+\.\d+\n$/);
});
