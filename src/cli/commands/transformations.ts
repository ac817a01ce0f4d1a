import type { Command } from "commander";
import type { Json, JsonObject } from "../../client/index.ts";
import { parseJson, writeJson } from "../../model/portable-json.ts";
import { TRANSFORMATION_TYPES } from "../../model/transformation-types.ts";
import { collectRows } from "../collect.ts";
import { runColumns, versionColumns } from "../columns.ts";
import { CommandError, UsageError } from "../failure.ts";
import { type ListFlags, addExamples, addListFlags, oneOf, parseCount } from "../flags.ts";
import { readBytes } from "../input.ts";
import { field, list, object, plain } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { showRecord, showRows } from "../show.ts";
import { confirm } from "../terminal/prompt.ts";
import { neutralize, oneLine } from "../terminal/text.ts";
import { readCode } from "./bodies.ts";
import { addTransformationReplay } from "./transformation-replay.ts";

type PreviewFlags = {
  readonly event?: string;
  readonly file?: string;
  readonly codeFile?: string;
  readonly kind?: string;
};
type RollbackFlags = { readonly yes?: true };

async function readJson(file: string): Promise<Json> {
  const text = (await readBytes(file)).toString("utf8");
  try {
    return parseJson<Json>(text);
  } catch {
    throw new CommandError(
      `${file === "-" ? "The text on stdin" : file} is not valid JSON.`,
      "Write the payload as JSON.",
    );
  }
}

async function previewBody(flags: PreviewFlags): Promise<JsonObject> {
  const { event, file, codeFile, kind } = flags;
  if ((event === undefined) === (file === undefined)) {
    throw new UsageError(
      "A preview needs one of --event and --file.",
      "Name a stored event, or a file with a payload.",
    );
  }
  return {
    ...(event === undefined ? {} : { event_id: event }),
    ...(file === undefined ? {} : { body: await readJson(file) }),
    ...(codeFile === undefined ? {} : { code: await readCode(codeFile) }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/** The lines that show what code returned and logged. */
function previewLines(preview: JsonObject): readonly string[] {
  const logs = list(preview, "logs").map((line) => `console: ${oneLine(plain(line))}`);
  if (preview["ok"] !== true) return logs;
  const rendered = field(preview, "rendered");
  if (rendered !== "") return [...logs, neutralize(rendered), "The rest of the result is not shown."];
  if (preview["dropped"] === true) return [...logs, "null: nothing is routed or sent."];
  return [...logs, ...neutralize(writeJson(preview["result"] ?? null, 2)).split("\n")];
}

function refuseFailed(preview: JsonObject): void {
  if (preview["ok"] === true) return;
  const error = object(preview, "error");
  const line = field(error, "line");
  const at = line === "" ? "" : ` at line ${line}`;
  throw new CommandError(oneLine(`The code failed${at}: ${field(error, "message")}`), null);
}

async function preview(session: Session, name: string | undefined, flags: PreviewFlags): Promise<void> {
  const { api, names, out } = session;
  if (name === undefined && flags.codeFile === undefined) {
    throw new UsageError("A preview needs a transformation or --code-file.", "Name one of them.");
  }
  const body = await previewBody(flags);
  const shown =
    name === undefined
      ? await api.post("/transformation-previews", body)
      : await api.post("/transformations/{id}/preview", body, {
          params: { id: await names.idOf("transformation", name) },
        });
  if (out.isJson) out.json(shown);
  else out.lines([...previewLines(shown)]);
  refuseFailed(shown);
}

function addPreview(group: Command): void {
  const command = group
    .command("preview [name]")
    .summary("show what a transformation returns, for a stored event or a payload")
    .description("Stores and sends nothing. The exit code is 1 if the code fails.")
    .option("--event <id>", "a stored event")
    .option("-f, --file <file>", "a payload as JSON; `-` reads stdin")
    .option("--code-file <file>", "code that is not saved; `-` reads stdin")
    .addOption(
      oneOf("--kind <kind>", "the event of an integration, or the envelope of a destination", [
        "integration",
        "destination",
      ]),
    )
    .action(async (name: string | undefined, flags: PreviewFlags, own: Command) => {
      await preview(openSession(own), name, flags);
    });
  addExamples(
    command,
    "hookgate transformations preview Redact --event evt_…",
    "hookgate transformations preview --code-file redact.js -f payload.json",
  );
}

function addVersions(group: Command): void {
  const command = addListFlags(group.command("versions <name>").summary("list the stored versions"));
  command.action(async (name: string, flags: ListFlags, own: Command) => {
    const session = openSession(own);
    const id = await session.names.idOf("transformation", name);
    const rows = await collectRows(session, "/transformations/{id}/versions", {}, flags, { id });
    await showRows(session, rows, () => versionColumns(session), "There are no versions.");
  });
  addExamples(command, "hookgate transformations versions Redact", "hookgate transformations versions Redact --json");
}

function addRuns(group: Command): void {
  const command = group
    .command("runs <name>")
    .summary("list the last runs that failed or wrote lines with console.log")
    .action(async (name: string, _: unknown, own: Command) => {
      const session = openSession(own);
      const id = await session.names.idOf("transformation", name);
      const { data } = await session.api.page("/transformations/{id}/runs", {}, { id });
      const shown = { data, next_cursor: null, isInterrupted: false };
      await showRows(session, shown, () => runColumns(session), "No run has failed or written a line.");
    });
  addExamples(command, "hookgate transformations runs Redact");
}

function addRollback(group: Command): void {
  const command = group
    .command("rollback <name> <version>")
    .summary("create a new version with the code of an earlier one")
    .option("-y, --yes", "do not ask for confirmation")
    .action(async (name: string, version: string, { yes }: RollbackFlags, own: Command) => {
      const session = openSession(own);
      const number = parseCount(version);
      const id = await session.names.idOf("transformation", name);
      await confirm(`Roll the transformation "${name}" back to version ${number}?`, yes === true);
      const changed = await session.api.post("/transformations/{id}/rollback", { version: number }, { params: { id } });
      await showRecord(session, changed);
    });
  addExamples(command, "hookgate transformations rollback Redact 3 --yes");
}

function addTypes(group: Command): void {
  const command = group
    .command("types")
    .summary("print the types of events and envelopes, for an editor")
    .action((_: unknown, own: Command) => {
      const { out } = openSession(own);
      if (out.isJson) out.json({ types: TRANSFORMATION_TYPES });
      else out.raw(TRANSFORMATION_TYPES);
    });
  addExamples(command, "hookgate transformations types > transformations.d.ts");
}

/** Adds what only transformations have. */
export function addTransformationActions(group: Command): void {
  addPreview(group);
  addVersions(group);
  addRuns(group);
  addRollback(group);
  addTransformationReplay(group);
  addTypes(group);
}
