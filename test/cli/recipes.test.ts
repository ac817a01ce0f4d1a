import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { version } from "../../package.json" with { type: "json" };
import { ROOT, environment, temporary } from "./run.ts";
import { type Request, problem, standIn } from "./stand-in.ts";

// The recipes of docs/cli.md for CI and for pre-commit, run as they are written.

const page = readFileSync(join(ROOT, "docs/cli.md"), "utf8");
const recipes = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, recipe = ""]) => parse(recipe));
const workflow = recipes.find(({ jobs }) => jobs !== undefined);
const hooks = recipes.find(({ repos }) => repos !== undefined);
const { steps, env: variables } = workflow.jobs.gateway;
const commands: string[] = steps.flatMap(({ run: command }: { run?: string }) => command ?? []);
const [hook] = hooks.repos[0].hooks;

const CONFIG = { version: 1, integrations: {}, destinations: {}, routes: {} };
const CHANGE = { action: "create", kind: "integration", name: "Orders", fields: ["type"] };

type Outcome = "same" | "different" | "refused";

/** A gateway, and a folder with `hookgate.yaml` in which a shell finds the command. */
async function standUp(outcome: Outcome) {
  const { env, requests } = await standIn(({ method }: Request) => {
    if (method === "GET") return { body: CONFIG };
    if (outcome === "refused") return problem(400, "The body was not accepted.");
    return { body: { changes: outcome === "same" ? [] : [CHANGE] } };
  });
  const folder = temporary();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "hookgate"), `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/scripts/hookgate.mjs" "$@"\n`);
  chmodSync(join(bin, "hookgate"), 0o755);
  writeFileSync(join(folder, "hookgate.yaml"), "version: 1\nintegrations: { Orders: { type: catch } }\n");
  const shell = async (program: string, args: readonly string[]) => {
    const path = `${bin}:${process.env["PATH"]}`;
    const child = spawn(program, args, { cwd: folder, env: environment({ ...env, PATH: path }), stdio: "pipe" });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { code, stdout, stderr };
  };
  return { shell, requests };
}

function isReal({ method, query }: Request): boolean {
  return method === "PUT" && query["dry_run"] === undefined;
}

describe("the workflow", () => {
  test("installs the archive that `npm pack` makes, and takes its token from a secret", () => {
    expect(variables).toMatchObject({ HOOKGATE_TOKEN: "${{ secrets.HOOKGATE_TOKEN }}" });
    expect(commands[0]).toContain(`hookgate-${version}.tgz`);
    const own = readFileSync(join(ROOT, ".github/workflows/check.yml"), "utf8");
    const actions: string[] = steps.flatMap(({ uses }: { uses?: string }) => uses ?? []);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) {
      const [name = "", major = ""] = action.split("@");
      expect(own.split("\n").some((line) => line.includes(`uses: ${name}@`) && line.includes(`# ${major}.`))).toBe(
        true,
      );
    }
  });

  test.each([
    ["same", 0],
    ["different", 0],
    ["refused", 1],
  ] as const)("with a configuration that is %s, the step of a pull request exits with %i", async (outcome, code) => {
    const { shell, requests } = await standUp(outcome);
    // As a runner starts `run`.
    const finished = await shell("bash", ["-e", "-c", commands[1] ?? ""]);
    expect([finished.code, finished.stderr.includes("error:")], finished.stderr).toEqual([code, code !== 0]);
    expect(finished.stdout.includes('+ integrations "Orders"')).toBe(outcome === "different");
    expect(requests.some(isReal)).toBe(false);
  });

  test("applies on the main branch only, without a question", async () => {
    const { shell, requests } = await standUp("different");
    expect(steps.at(-1).if).toBe("github.ref == 'refs/heads/main'");
    const finished = await shell("bash", ["-e", "-c", commands.at(-1) ?? ""]);
    expect([finished.code, finished.stdout], finished.stderr).toEqual([0, "Applied 1 change.\n"]);
    expect(requests.filter(isReal)).toHaveLength(1);
  });
});

describe("the hook of pre-commit", () => {
  test("runs for the file and nothing else", () => {
    expect(["hookgate.yaml", "a/hookgate.yaml", "hookgate-yaml"].map((file) => RegExp(hook.files).test(file))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    ["same", 0],
    ["different", 0],
    ["refused", 1],
  ] as const)("with a configuration that is %s exits with %i", async (outcome, code) => {
    const { shell, requests } = await standUp(outcome);
    // pre-commit splits the entry as a shell does, and adds the names of files.
    const finished = await shell("sh", ["-c", `${hook.entry} hookgate.yaml`]);
    expect(finished.code, finished.stderr).toBe(code);
    expect(requests.some(isReal)).toBe(false);
  });
});
