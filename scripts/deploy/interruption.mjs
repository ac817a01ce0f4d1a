import { showError } from "./deploy-error.mjs";

const SIGNALS = /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]);

/** @type {(() => import("./deploy-error.mjs").DeployError) | null} */
let explain = null;
let isWatching = false;

/** Ends the process in order if it is interrupted, so that what was registered for its end runs. */
export function endInOrder() {
  if (isWatching) return;
  isWatching = true;
  for (const [signal, status] of SIGNALS) {
    process.on(signal, () => {
      if (explain !== null) showError(explain());
      process.exit(status);
    });
  }
}

/**
 * Sets what is shown if the process is interrupted; null shows nothing.
 * @param {(() => import("./deploy-error.mjs").DeployError) | null} description is called at the interruption
 */
export function explainInterruption(description) {
  explain = description;
  endInOrder();
}
