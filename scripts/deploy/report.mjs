import { DeployError } from "./deploy-error.mjs";

/** Continuous integration keeps its output, so no secret may be in it. */
function isInContinuousIntegration() {
  return !["", "0", "false"].includes(process.env["CI"] ?? "");
}

/**
 * Shows what was deployed and what to do next.
 * @param {(line: string) => void} print
 * @param {{ name: string, url: string | null, secrets: import("./secrets.mjs").Chosen, file: string, isNew: boolean, plan: import("./options.mjs").Plan | null, isReady: boolean }} result
 */
export function showResult(print, { name, url, secrets, file, isNew, plan, isReady }) {
  const { values, generated, stored } = secrets;
  // Those of the file are of an earlier run that failed before it could show them.
  const shown = [...generated, ...stored];
  print(`\nThe gateway ${name} is ${isNew ? "deployed" : "upgraded"}.\n`);
  print(`  dashboard     ${url ?? "at the routes of wrangler.toml"}`);
  if (shown.length > 0 && isInContinuousIntegration()) {
    print(
      `  secrets       in ${file}. Store that file now, outside of this machine: nothing else has its MASTER_KEY in clear.`,
    );
  } else if (shown.length > 0) {
    if (shown.includes("ADMIN_TOKEN")) print(`  admin token   ${values["ADMIN_TOKEN"]}`);
    if (shown.includes("MASTER_KEY")) print(`  master key    ${values["MASTER_KEY"]}`);
    print(
      `  secrets       in ${file}. Keep a copy of MASTER_KEY elsewhere: without it, stored secrets cannot be opened.`,
    );
  }
  if (plan === "free") {
    print(`
The Free plan carries some 3,000 webhooks a day: a queue has 10,000 operations a day, and a delivered webhook takes three of
them. docs/deploy.md lists its other limits.`);
  }
  if (!isReady && url !== null) print(`\nIt was not waited for: ${url}/ready says whether it is ready.`);
  if (!isNew) return;
  print(`
Next:

  1. Open the dashboard and sign in with the admin token.
  2. Choose a sender, a destination and a route. The dashboard leads through it.
  3. Connect the command line: npx hookgate login${url === null ? "" : ` --url ${url}`}

npm run deploy${name === "hookgate" ? "" : ` -- --name ${name}`} upgrades the gateway after a git pull.`);
}

/**
 * The error of a deployment that failed, with what was done, what was not, and how to continue.
 * @param {DeployError} error
 * @param {{ steps: import("./steps.mjs").Steps, name: string, deployed: import("./survey.mjs").Deployed | null, isDryRun: boolean, options: import("./options.mjs").DeployOptions, file: string }} at
 */
export function showFailure(error, { steps, name, deployed, isDryRun, options, file }) {
  if (isDryRun) return error;
  const args = [
    ...(options.name === null ? [] : ["--name", name]),
    ...(options.domain === null ? [] : ["--domain", options.domain]),
    ...(options.plan === null ? [] : ["--plan", options.plan]),
    ...(options.wait ? [] : ["--no-wait"]),
  ];
  const command = `npm run deploy${args.length === 0 ? "" : ` -- ${args.join(" ")}`}`;
  const isNew = deployed !== null && !deployed.exists;
  const state =
    deployed === null
      ? "Nothing was changed."
      : `${stateOf(steps, deployed)} What was done stays. Run the command again to continue: it finds what is there.\n\n  ${command}`;
  const parts = [
    ...(error.advice === "" ? [] : [error.advice]),
    steps.summary(),
    state,
    // The next run finds the secrets in the Worker, and shows them no more.
    ...(isNew && steps.isDone("Worker") ? [`Its secrets are in ${file}, if the environment did not have them.`] : []),
  ];
  return new DeployError(error.message, parts.join("\n\n"));
}

/**
 * What runs after a failure.
 * @param {import("./steps.mjs").Steps} steps
 * @param {import("./survey.mjs").Deployed} deployed
 */
function stateOf(steps, deployed) {
  if (steps.isDone("Worker")) return "The new version is deployed.";
  if (steps.isDone("Secrets")) {
    return deployed.exists
      ? "The version that was deployed before runs, unless the upload had finished."
      : "The gateway is not complete.";
  }
  return deployed.exists ? "The version that was deployed before runs unchanged." : "No gateway runs yet.";
}
