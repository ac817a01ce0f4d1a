import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildDashboard } from "./build/dashboard.mjs";
import { buildWorker } from "./build/worker.mjs";
import { buildDocs } from "./docs/build.mjs";

// The build command of wrangler.toml.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
// `npm start` leaves the documents as they are: they take longer than everything else.
if (process.env["BUILD_WITHOUT_DOCS"] === undefined) await buildDocs(ROOT);
await Promise.all([buildWorker(ROOT, join(ROOT, "dist")), buildDashboard(ROOT)]);
