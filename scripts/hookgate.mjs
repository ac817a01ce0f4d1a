#!/usr/bin/env node
import { existsSync } from "node:fs";

// The command `hookgate`. A checkout builds it from `src/cli` when the sources change; the package contains only the result.

const SOURCE = new URL("../src/cli/main.ts", import.meta.url);
const BUILT = new URL("../bin/hookgate.mjs", import.meta.url);

/** Builds the command if its sources changed. Without esbuild, an earlier build is used. */
async function build() {
  try {
    const { buildCommand } = await import("./cli/build.mjs");
    await buildCommand();
  } catch (error) {
    if (existsSync(BUILT)) return;
    const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    process.stderr.write(
      isMissing ? "error: The packages are not installed. Run `npm ci`.\n" : `error: ${String(error)}\n`,
    );
    process.exit(1);
  }
}

if (existsSync(SOURCE)) await build();
await import(BUILT.href);
