import type { Command } from "commander";
import { collectRows } from "../collect.ts";
import { auditColumns, readyMadeColumns, searchColumns } from "../columns.ts";
import { UsageError } from "../failure.ts";
import { type ListFlags, type TimeFlags, addExamples, addListFlags, addTimeFlags } from "../flags.ts";
import { count, objects } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { showRecord, showRows } from "../show.ts";

type AuditFlags = ListFlags &
  TimeFlags & { readonly actor?: string; readonly action?: string; readonly kind?: string; readonly target?: string };

const LIKE_AN_ID = /^[a-z]{3}_/;

/** The id of the thing that `--target` names. A name needs `--kind`, because things of several kinds may have it. */
async function targetOf(session: Session, target: string, kind: string | undefined): Promise<string> {
  if (LIKE_AN_ID.test(target)) return target;
  if (kind === "integration" || kind === "destination" || kind === "route")
    return await session.names.idOf(kind, target);
  throw new UsageError(
    `"${target}" is not an id.`,
    "With --kind integration, destination or route, --target takes a name.",
  );
}

function addAudit(program: Command): void {
  const command = addListFlags(addTimeFlags(program.command("audit").summary("who changed what, newest first")))
    .option("--actor <actor>", "only by this actor: a token's id, `admin` or `config`")
    .option("--action <action>", "only this action, such as integration.updated")
    .option("--kind <kind>", "only on things of this kind, such as destination")
    .option("--target <id>", "only on the thing with this id, or with `--kind` on the one with this name")
    .action(async ({ actor, action, kind, target, since, until, ...flags }: AuditFlags, own: Command) => {
      const session = openSession(own);
      const id = target === undefined ? undefined : await targetOf(session, target, kind);
      const query = { actor, action, kind, id, from: since, to: until };
      await showRows(
        session,
        await collectRows(session, "/audit", query, flags),
        () => auditColumns(session),
        "Nothing was changed.",
      );
    });
  addExamples(command, "hookgate audit", "hookgate audit --since 1d --json");
}

function addReconciliation(program: Command): void {
  const command = program
    .command("reconciliation")
    .summary("compare the accepted events with their outcomes")
    .action(async (_: unknown, own: Command) => {
      const session = openSession(own);
      const result = await session.api.get("/reconciliation");
      await showRecord(session, result);
      if (session.out.isJson) return;
      if (result["balanced"] === true) session.out.note("Every accepted event is accounted for.");
      else session.out.note("The numbers do not add up. docs/operations.md says what to look at.");
      if (count(result, "missing") > 0)
        session.out.note("`missing` counts messages that were accepted and never seen again.");
    });
  addExamples(command, "hookgate reconciliation", "hookgate reconciliation --json | jq .balanced");
}

function addSearch(program: Command): void {
  const command = program
    .command("search <text>")
    .summary("find events, alerts and configuration by an id, a key or a word")
    .action(async (text: string, _: unknown, own: Command) => {
      const session = openSession(own);
      const found = await session.api.get("/search", { query: { q: text } });
      const rows = objects(found, "data");
      if (session.out.isJson) session.out.json(found);
      else if (rows.length > 0) session.out.table(searchColumns(), rows);
      else session.out.note("Nothing was found.");
    });
  addExamples(command, "hookgate search db-7", "hookgate search evt_…");
}

function addReadyMade(program: Command, path: "rule-sets" | "presets", summary: string): void {
  const command = program
    .command(path)
    .summary(summary)
    .action(async (_: unknown, own: Command) => {
      const { api, out } = openSession(own);
      const all = await api.get(`/${path}`);
      if (out.isJson) out.json(all);
      else out.table(readyMadeColumns(), objects(all, "data"));
    });
  addExamples(command, `hookgate ${path}`);
}

/** Adds the commands that only show something of the gateway. */
export function addGatewayCommands(program: Command): void {
  addSearch(program);
  addAudit(program);
  addReconciliation(program);
  addReadyMade(program, "rule-sets", "ready-made rule sets for integrations");
  addReadyMade(program, "presets", "ready-made formats for destinations");
}
