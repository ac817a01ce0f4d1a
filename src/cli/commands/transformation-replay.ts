import type { Command } from "commander";
import type { JsonObject } from "../../client/index.ts";
import { CommandError, orInterrupted } from "../failure.ts";
import { type TimeFlags, addExamples, addTimeFlags } from "../flags.ts";
import { count, field, objects } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { confirm } from "../terminal/prompt.ts";
import { oneLine } from "../terminal/text.ts";

// `transformations replay`: the gateway takes a page of events at a time, so the command repeats the request to the end.

/** The failures that are shown, at most. */
const MAX_SHOWN = 10;
const CHECK = "Run the command again: it replays no event twice.";

type ReplayFlags = TimeFlags & { readonly dryRun?: true; readonly keepGoing?: true; readonly yes?: true };

/** What became of the events of all pages so far. */
type Totals = {
  readonly dry_run: boolean;
  readonly count: number;
  readonly replayed: number;
  readonly failed: number;
  readonly failures: readonly JsonObject[];
  readonly stopped: boolean;
  readonly next_cursor: string | null;
};

function startOf(dry_run: boolean): Totals {
  return { dry_run, count: 0, replayed: 0, failed: 0, failures: [], stopped: false, next_cursor: null };
}

function add(totals: Totals, page: JsonObject): Totals {
  const cursor = field(page, "next_cursor");
  return {
    dry_run: totals.dry_run,
    count: totals.count + count(page, "count"),
    replayed: totals.replayed + count(page, "replayed"),
    failed: totals.failed + count(page, "failed"),
    failures: [...totals.failures, ...objects(page, "failures")].slice(0, MAX_SHOWN),
    stopped: page["stopped"] === true,
    next_cursor: cursor === "" ? null : cursor,
  };
}

function eventsText(number: number): string {
  return `${number.toLocaleString("en")} ${number === 1 ? "event" : "events"}`;
}

/** What to replay: the id of a transformation, and the times. */
type Selection = { readonly id: string; readonly times: JsonObject };

/** Counts the events of all pages. */
async function countAll({ api, out }: Session, { id, times }: Selection): Promise<Totals> {
  const progress = out.progress("Counting:");
  let totals = startOf(true);
  do {
    const body = { ...times, dry_run: true, cursor: totals.next_cursor };
    totals = add(totals, await api.post("/transformations/{id}/replay", body, { params: { id }, isReading: true }));
    progress.show(totals.count, null);
  } while (totals.next_cursor !== null);
  progress.clear();
  return totals;
}

/** Replays page by page, until the end, an interruption, or failures in a row. `total`: what was counted. */
async function replayAll(
  { api, out, interrupt }: Session,
  { id, times }: Selection,
  total: number,
  keepsGoing: boolean,
): Promise<Totals> {
  const progress = out.progress("Replaying:");
  let totals = startOf(false);
  for (;;) {
    progress.show(totals.count, Math.max(total, totals.count), totals.failed > 0 ? `${totals.failed} failed` : "");
    const body = { ...times, dry_run: false, cursor: totals.next_cursor };
    totals = add(totals, await api.post("/transformations/{id}/replay", body, { params: { id }, check: CHECK }));
    const isEnd = totals.next_cursor === null || (totals.stopped && !keepsGoing);
    if (isEnd || interrupt.happened()) break;
  }
  progress.clear();
  return totals;
}

function resultLines({ replayed, failed, failures }: Totals): string[] {
  const named = failures.map((each) => oneLine(`  ${field(each, "event_id")}: ${field(each, "note")}`));
  if (failed === 0) return [`Replayed ${eventsText(replayed)}.`];
  const rest = failed > failures.length ? [`  … and ${failed - failures.length} more`] : [];
  return [
    `Replayed ${eventsText(replayed)}. The transformation of ${eventsText(failed)} failed again:`,
    ...named,
    ...rest,
  ];
}

/** Throws if events are left. */
function refuseLeft({ stopped, failed, next_cursor }: Totals, isInterrupted: boolean, keepsGoing: boolean): void {
  const isWhole = next_cursor === null;
  if (isInterrupted && !isWhole) throw new CommandError("Interrupted. Events are left.", CHECK);
  if (stopped && !isWhole && !keepsGoing) {
    throw new CommandError(
      "The transformation fails for one event after the other, so the replay ended early.",
      "Mend the code and run the command again. --keep-going replays the older events first.",
    );
  }
  if (failed > 0) {
    throw new CommandError(
      `The transformation of ${eventsText(failed)} still fails.`,
      "Mend the code and run the command again.",
    );
  }
}

async function replay(session: Session, name: string, flags: ReplayFlags): Promise<void> {
  const { out, names, interrupt } = session;
  const { since, until } = flags;
  const times = { ...(since === undefined ? {} : { from: since }), ...(until === undefined ? {} : { to: until }) };
  const { selection, counted } = await orInterrupted("Nothing was replayed.", async () => {
    const selected = { id: await names.idOf("transformation", name), times };
    return { selection: selected, counted: await countAll(session, selected) };
  });
  if (flags.dryRun === true || counted.count === 0) {
    const nothing = "Nothing to replay: no event's transformation has failed.";
    if (out.isJson) out.json(counted);
    else out.lines([counted.count === 0 ? nothing : `Would replay ${eventsText(counted.count)}.`]);
    return;
  }
  await confirm(`Run the transformation "${name}" again for ${eventsText(counted.count)}?`, flags.yes === true);
  if (interrupt.happened()) throw new CommandError("Interrupted. Nothing was replayed.");
  const keepsGoing = flags.keepGoing === true;
  const totals = await replayAll(session, selection, counted.count, keepsGoing);
  if (out.isJson) out.json(totals);
  else out.lines(resultLines(totals));
  refuseLeft(totals, interrupt.happened(), keepsGoing);
}

/** Adds `transformations replay`. */
export function addTransformationReplay(group: Command): void {
  const command = addTimeFlags(
    group.command("replay <name>").summary("replay the events for which a transformation failed"),
  )
    .description(
      "Counts the events whose transformation failed, asks for confirmation, and runs the transformation again for each event, newest first. The command ends early if the code fails for several events in a row. The exit code is 1 if events are left. You can run the command again: no event is replayed twice.",
    )
    .option("--dry-run", "count, and replay nothing")
    .option("--keep-going", "do not end early after several failures in a row")
    .option("-y, --yes", "do not ask for confirmation")
    .action(async (name: string, flags: ReplayFlags, own: Command) => await replay(openSession(own), name, flags));
  addExamples(
    command,
    "hookgate transformations replay Redact --dry-run",
    "hookgate transformations replay Redact --since 2h --yes",
  );
}
