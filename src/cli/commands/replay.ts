import type { Command } from "commander";
import type { JsonObject } from "../../client/index.ts";
import { REPLAYABLE_STATUSES } from "../../model/replay.ts";
import { collectRows } from "../collect.ts";
import { replayColumns } from "../columns.ts";
import { CommandError, UsageError, orInterrupted } from "../failure.ts";
import {
  type ListFlags,
  type TimeFlags,
  addExamples,
  addListFlags,
  addTimeFlags,
  collect,
  oneOf,
  parseCount,
} from "../flags.ts";
import type { Names } from "../names.ts";
import { count, field } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { showRecord, showRows } from "../show.ts";
import { confirm } from "../terminal/prompt.ts";
import { watchReplay } from "../watch.ts";

type ReplayFlags = TimeFlags & {
  readonly status?: readonly string[];
  readonly destination?: string;
  readonly integration?: string;
  readonly route?: string;
  readonly delivery?: readonly string[];
  readonly rate?: number;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly wait: boolean;
};

function statusesOf(text: string, before: readonly string[] | undefined): readonly string[] {
  const statuses = collect(text, before);
  const unknown = statuses.find((status) => !REPLAYABLE_STATUSES.some((known) => known === status));
  if (unknown === undefined) return statuses;
  throw new UsageError(
    `--status ${unknown} cannot be replayed.`,
    `The statuses are: ${REPLAYABLE_STATUSES.join(", ")}.`,
  );
}

async function selectionOf(flags: ReplayFlags, names: Names): Promise<JsonObject> {
  const { status, since, until, delivery } = flags;
  const fields = {
    status,
    destination_id: await names.maybeIdOf("destination", flags.destination),
    integration_id: await names.maybeIdOf("integration", flags.integration),
    route_id: await names.maybeIdOf("route", flags.route),
    from: since,
    to: until,
  };
  const filter = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const isFiltered = Object.keys(filter).length > 0;
  if (delivery !== undefined && isFiltered)
    throw new UsageError("--delivery cannot be used with a filter.", "Leave the filter or --delivery out.");
  if (delivery !== undefined) return { delivery_ids: delivery };
  if (isFiltered) return { filter };
  throw new UsageError(
    "No filter says which deliveries to replay.",
    "Add at least one of --status, --destination, --integration, --route, --since, --until, or --delivery.",
  );
}

async function replay(session: Session, flags: ReplayFlags): Promise<void> {
  const { out, interrupt } = session;
  const { selection, estimate } = await orInterrupted("Nothing was replayed.", async () => {
    const selected = await selectionOf(flags, session.names);
    const counting = out.progress("Counting:");
    const counted = await counting.during(() =>
      session.api.post("/replays", { ...selected, dry_run: true }, { isReading: true }),
    );
    return { selection: selected, estimate: counted };
  });
  const matches = count(estimate, "count");
  const isExact = estimate["count_is_exact"] !== false;
  const amount = `${isExact ? "" : "at least "}${matches.toLocaleString("en")} ${matches === 1 ? "delivery" : "deliveries"}`;
  if (flags.dryRun === true || matches === 0) {
    if (out.isJson) out.json(estimate);
    else out.lines([matches === 0 ? "Nothing to replay: no delivery matches." : `Would replay ${amount}.`]);
    return;
  }
  if (!out.isJson) out.note(`This replays ${amount}.`);
  await confirm(`Send ${amount} again?`, flags.yes === true);
  if (interrupt.happened()) throw new CommandError("Interrupted. Nothing was replayed.");
  const rate = flags.rate === undefined ? {} : { rate_per_second: flags.rate };
  const started = await session.api.post(
    "/replays",
    { ...selection, ...rate, dry_run: false },
    { check: "`hookgate replays list` shows whether the replay has started." },
  );
  if (flags.wait) await watchReplay(session, started);
  else await showRecord(session, started);
}

function addReplay(program: Command): void {
  const command = addTimeFlags(program.command("replay").summary("deliver again the deliveries that match a filter"))
    .description(
      "Counts the deliveries that match, asks for confirmation, replays them, and shows the progress. The gateway does the work: after Ctrl+C, the replay continues there, and `hookgate replays cancel` stops it.",
    )
    .addOption(
      oneOf(
        "--status <status>",
        "only with this status (default: dead); may be repeated",
        REPLAYABLE_STATUSES,
      ).argParser(statusesOf),
    )
    .option("--destination <name>", "only to this destination")
    .option("--integration <name>", "only of events of this integration")
    .option("--route <name>", "only by this route")
    .option("--delivery <id>", "this delivery, instead of a filter; may be repeated", collect)
    .option("--rate <n>", "the maximum number of deliveries a second (default: 20)", parseCount)
    .option("--dry-run", "count, and replay nothing")
    .option("-y, --yes", "do not ask for confirmation")
    .option("--no-wait", "return when the replay has started")
    .action(async (flags: ReplayFlags, own: Command) => await replay(openSession(own), flags));
  addExamples(
    command,
    "hookgate replay --status dead --destination Slack --since 2h",
    "hookgate replay --integration Orders --status dead,cancelled --dry-run",
    "hookgate replay --delivery dlv_… --yes --json",
  );
}

function addReplays(program: Command): void {
  const group = program.command("replays").summary("replays that are running or done");
  addExamples(group, "hookgate replays list", "hookgate replays cancel rpl_…");
  const listing = addListFlags(group.command("list").summary("list replays, newest first"));
  listing.action(async (flags: ListFlags, own: Command) => {
    const session = openSession(own);
    await showRows(
      session,
      await collectRows(session, "/replays", {}, flags),
      () => replayColumns(session),
      "There are no replays.",
    );
  });
  addExamples(listing, "hookgate replays list");

  const get = group
    .command("get <id>")
    .summary("show a replay")
    .action(async (id: string, _: unknown, own: Command) => {
      const session = openSession(own);
      await showRecord(session, await session.api.get("/replays/{id}", { params: { id } }));
    });
  addExamples(get, "hookgate replays get rpl_…");

  const watch = group
    .command("watch <id>")
    .summary("show the progress of a replay")
    .action(async (id: string, _: unknown, own: Command) => {
      const session = openSession(own);
      await watchReplay(session, await session.api.get("/replays/{id}", { params: { id } }));
    });
  addExamples(watch, "hookgate replays watch rpl_…");

  const cancel = group
    .command("cancel <id>")
    .summary("stop a replay")
    .action(async (id: string, _: unknown, own: Command) => {
      const session = openSession(own);
      const stopped = await session.api.post("/replays/{id}/cancel", undefined, { params: { id } });
      if (session.out.isJson) session.out.json(stopped);
      else
        session.out.lines([
          `The replay is ${field(stopped, "status")} after ${count(stopped, "replayed")} of ${count(stopped, "count")}.`,
        ]);
    });
  addExamples(cancel, "hookgate replays cancel rpl_…");
}

/** Adds `replay` and `replays`. */
export function addReplayCommands(program: Command): void {
  addReplay(program);
  addReplays(program);
}
