import { verifyLog } from "./log/verify.mjs";

// Verifies that nothing of the log's segments was changed or taken out: `npm run verify-log -- --url URL --token TOKEN`. Exits with 1 if
// something is wrong.

/** @param {string} name @param {string} variable */
function option(name, variable) {
  const at = process.argv.indexOf(`--${name}`);
  return (at < 0 ? process.env[variable] : process.argv[at + 1]) ?? "";
}

const url = option("url", "HOOKGATE_URL");
const token = option("token", "HOOKGATE_TOKEN");
if (url === "" || token === "") {
  console.error(
    "Name the gateway and a token with the scope read: --url URL --token TOKEN, or HOOKGATE_URL and HOOKGATE_TOKEN.",
  );
  process.exitCode = 2;
} else {
  try {
    const { segments, events, shown, faults } = await verifyLog({ url, token });
    for (const fault of faults) console.error(fault);
    console.log(
      `${segments} segments with ${events} events: ${shown} rows were hashed again, the others have left or were erased.`,
    );
    console.log(faults.length === 0 ? "The log is as it was written." : `${faults.length} faults.`);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
