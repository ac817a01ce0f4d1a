import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildDashboard } from "./build/dashboard.mjs";
import { buildWorker } from "./build/worker.mjs";

// The build command of wrangler.toml.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
await Promise.all([buildWorker(ROOT, join(ROOT, "dist")), buildDashboard(ROOT)]);
