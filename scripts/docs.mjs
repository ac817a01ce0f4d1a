import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DASHBOARD_FOLDER, buildDashboard } from "./build/dashboard.mjs";
import { buildDocs } from "./docs/build.mjs";
import { DOCS_FOLDER } from "./docs/stamp.mjs";

// Builds the site of the documents, and puts it where `npm start` and `wrangler deploy` take the gateway's files from.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
console.log("Building the site of the documents. This takes about half a minute.");
const result = await buildDocs(ROOT);
await buildDashboard(ROOT);
console.log(
  `The site is ${result} in ${DOCS_FOLDER} and in ${join(DASHBOARD_FOLDER, "docs")}. A gateway serves it at /docs/: run npm start, and open http://localhost:8787/docs/.`,
);
