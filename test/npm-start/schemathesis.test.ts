import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../scripts/drive/gateway.mjs";
import { newGateway } from "./stand.ts";

const BINARY = "schemathesis";
const VERSION = "4.32.5";
const IS_ABSENT = !String(spawnSync(BINARY, ["--version"]).stdout).includes(VERSION);
const WHY_SKIPPED = `${BINARY} ${VERSION} is not installed (pip install ${BINARY}==${VERSION})`;

const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "allow_header_conformance",
];

/** Runs a program to its end in a folder. Returns its exit code and what it printed. */
async function run(
  folder: string,
  args: readonly string[],
): Promise<{ readonly code: unknown; readonly output: string }> {
  const child = spawn(BINARY, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const [code] = await once(child, "close");
  return { code, output };
}

test("Schemathesis finds no answer that the OpenAPI document does not describe", async ({ skip }) => {
  if (IS_ABSENT) process.stderr.write(`Skipped the test with Schemathesis: ${WHY_SKIPPED}\n`);
  skip(IS_ABSENT, WHY_SKIPPED);
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const gateway = newGateway();
  await gateway.start();
  const { body } = await gateway.api("GET", "/openapi.json");
  const document = join(folder, "openapi.json");
  writeFileSync(document, JSON.stringify(body));
  const target = ["--url", gateway.url, "-H", `Authorization: Bearer ${gateway.adminToken}`];
  // destinations.test calls the addresses that are made up.
  const operations = ["--include-path-regex", "^/api/v1/", "--exclude-operation-id", "destinations.test"];
  const tried = ["--phases", "coverage,fuzzing", "--checks", CHECKS.join(",")];
  const bounds = [
    "--seed",
    "1",
    "--max-examples",
    "5",
    "--max-time",
    "60",
    "--no-shrink",
    "--generation-database",
    "none",
  ];
  const shown = ["--no-color", "--warnings", "off"];
  const args = ["run", document, ...target, ...operations, ...tried, ...bounds, ...shown];
  const { code, output } = await run(folder, args);
  expect(code, output).toBe(0);
  expect(output).toMatch(/\d+ generated, \d+ passed/);
});
