import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWorker } from "./build/worker.mjs";

// The build command of wrangler.toml.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
await buildWorker(ROOT, join(ROOT, "dist"));
