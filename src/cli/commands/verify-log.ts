import type { Command } from "commander";
import { CommandError, orInterrupted } from "../failure.ts";
import { addExamples } from "../flags.ts";
import { openSession } from "../session.ts";
import { type LogReport, verifyLog } from "../verify/verify.ts";

/** The faults that the failure shows. With `--json`, all are printed. */
const MAX_SHOWN = 50;

function sentence({ segments, events, shown }: LogReport): string {
  const number = (value: number): string => value.toLocaleString("en");
  return `${number(segments)} segments with ${number(events)} events: ${number(shown)} rows were hashed again, the others have left or were erased.`;
}

/** Adds `verify-log`. */
export function addVerifyLog(program: Command): void {
  const command = program
    .command("verify-log")
    .summary("verify that no event in the log's segments was changed or removed")
    .description(
      "Reads all segments and computes the hash of each event, the root of each segment and the chain of each shard. Compares the end of each chain with the one that the gateway signs. The exit code is 1 if something is wrong.",
    )
    .action(async (_: unknown, own: Command) => {
      const { api, out } = openSession(own);
      const progress = out.progress("Verifying segments:");
      const report = await orInterrupted("The log was not verified.", async () =>
        verifyLog(api.getAt, (done) => progress.show(done, null)),
      ).finally(() => progress.clear());
      const { faults } = report;
      if (out.isJson) out.json(report);
      else out.note(sentence(report));
      if (faults.length === 0) {
        if (!out.isJson) out.note("The log is as it was written.");
        return;
      }
      const more = faults.length - MAX_SHOWN;
      throw new CommandError(
        "The log is not as it was written.",
        "Compare with a backup of R2 and of the database. docs/operations.md describes the chain.",
        [...faults.slice(0, MAX_SHOWN), ...(more > 0 ? [`and ${more.toLocaleString("en")} more`] : [])],
      );
    });
  addExamples(command, "hookgate verify-log", "hookgate verify-log --json | jq .faults");
}
