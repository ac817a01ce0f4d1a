import type { Command } from "commander";
import { CommandError } from "../failure.ts";
import { addExamples } from "../flags.ts";
import { field } from "../rows.ts";
import { openSession } from "../session.ts";
import { showRecord } from "../show.ts";
import { oneLine } from "../terminal/text.ts";

type TestFlags = { readonly event?: string };

function addTest(group: Command): void {
  const test = group
    .command("test <name>")
    .summary("send a test request to a destination")
    .description("Makes one attempt, which is not recorded. The exit code is 1 if the destination did not accept it.")
    .option("--event <id>", "send this event instead of a sample")
    .action(async (name: string, { event }: TestFlags, command: Command) => {
      const session = openSession(command);
      const id = await session.names.idOf("destination", name);
      const body = event === undefined ? {} : { event_id: event };
      const result = await session.api.post("/destinations/{id}/test", body, { params: { id } });
      await showRecord(session, result);
      if (result["ok"] === true) return;
      const hint = field(result, "hint");
      throw new CommandError("The destination did not accept the test request.", hint === "" ? null : hint);
    });
  addExamples(test, "hookgate destinations test Slack", "hookgate destinations test Slack --event evt_…");
}

function addPause(group: Command, action: "pause" | "resume", summary: string): void {
  const command = group
    .command(`${action} <name>`)
    .summary(summary)
    .action(async (name: string, _: unknown, own: Command) => {
      const session = openSession(own);
      const id = await session.names.idOf("destination", name);
      const changed = await session.api.post(`/destinations/{id}/${action}`, undefined, { params: { id } });
      if (session.out.isJson) session.out.json(changed);
      else session.out.lines([oneLine(`${action === "pause" ? "Paused" : "Resumed"} ${field(changed, "name")}.`)]);
    });
  addExamples(command, `hookgate destinations ${action} Slack`);
}

/** Adds what only destinations have. */
export function addDestinationActions(group: Command): void {
  addTest(group);
  addPause(group, "pause", "hold deliveries back without losing them");
  addPause(group, "resume", "deliver again what was held back");
}
