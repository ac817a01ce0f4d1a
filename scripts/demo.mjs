import { agent } from "./demo/agent.mjs";
import { credentials } from "./demo/credentials.mjs";
import { documents } from "./demo/documents.mjs";
import { everySender } from "./demo/every-sender.mjs";
import { groups } from "./demo/groups.mjs";
import { presets } from "./demo/presets.mjs";
import { heading, say } from "./demo/print.mjs";
import { tickets } from "./demo/tickets.mjs";
import { until } from "./demo/until.mjs";
import { uploads } from "./demo/uploads.mjs";
import { transformations } from "./demo/transformations.mjs";
import { Stage } from "./drive/stage.mjs";

// Starts a gateway, sends webhooks through it to receivers on this machine, and shows what they received. Exits with 0 only if
// every delivery arrived and every signature verified.

const SCENES = { everySender, documents, credentials, groups, presets, tickets, uploads, transformations, agent };

/** The dead deliveries that a scene replays. */
const REPLAYED = 1;

/** The events that a transformation drops. */
const DROPPED = 1;

/** What the gateway itself says of it all. @param {Stage} stage */
async function books({ gateway }) {
  /** @type {any} */
  let sums = {};
  await until(async () => {
    sums = (await gateway.api("GET", "/reconciliation")).body;
    return sums.pending === 0 && sums.outbox === 0;
  });
  heading("Reconciliation: each accepted event has an outcome");
  const { accepted, delivered, dead, pending, cancelled, ignored, balanced } = sums;
  say(
    `${accepted} accepted = ${delivered} delivered + ${dead} dead + ${pending} pending + ${cancelled} cancelled + ${ignored} ignored`,
  );
  // The agent's replay stands in for one dead delivery, which counts as cancelled.
  return balanced === true && dead === 0 && accepted === delivered + REPLAYED + DROPPED;
}

const stage = new Stage({ throughNpm: false });
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void stage.strike().finally(() => process.exit(130)));
}

/** @type {string[]} */
const failed = [];
try {
  console.log(
    "Starting a gateway, and sending webhooks through it. This takes about ten seconds, and longer the first time.",
  );
  await stage.gateway.start();
  for (const [name, play] of Object.entries({ ...SCENES, books })) {
    if (!(await play(stage))) failed.push(name);
  }
} finally {
  await stage.strike();
}
console.log(
  failed.length === 0
    ? "\nEverything arrived and verified.\n\nNext: npm start runs a gateway of your own, and docs/start-here leads from there to a delivered event."
    : `\nNot everything arrived and verified: ${failed.join(", ")}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
