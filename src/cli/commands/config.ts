import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { JsonObject } from "../../client/index.ts";
import { DEFAULT_FILE, secretsOf, toFile, toYaml, writeConfig } from "../config/file.ts";
import { deletedByHand } from "../config/by-hand.ts";
import { planLines } from "../config/plan.ts";
import { CommandError, DifferencesFound, orInterrupted } from "../failure.ts";
import { addExamples } from "../flags.ts";
import { readDocument } from "../input.ts";
import { object, objects } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { confirm } from "../terminal/prompt.ts";
import { recordLines } from "../terminal/record.ts";
import { oneLine } from "../terminal/text.ts";

type ConfigFlags = { readonly file?: string; readonly prune?: true; readonly yes?: true };
type Planned = { readonly document: JsonObject; readonly missing: readonly string[] };
type Compared = {
  readonly gateway: JsonObject;
  readonly plan: JsonObject;
  readonly isByHand: (change: JsonObject) => boolean;
  readonly guard: Readonly<Record<string, string>>;
};

async function pull(session: Session, file: string | undefined, isForced: boolean): Promise<void> {
  const { api, out } = session;
  const isPrinted = file === undefined || file === "-";
  const config = await orInterrupted(isPrinted ? "Nothing was printed." : `${file} was not written.`, () =>
    out.progress("Reading the configuration:").during(() => api.get("/config")),
  );
  if (isPrinted) {
    if (out.isJson) out.json(config);
    else out.raw(await toYaml(config));
    return;
  }
  const isWritten = await writeConfig(file, await toFile(config, file), isForced);
  if (out.isJson) out.json(config);
  else out.lines([oneLine(isWritten ? `Wrote ${file}.` : `${file} is up to date.`)]);
}

/** The document of a file with the secrets that it names, and which of them the environment lacks. */
async function documentOf(flags: ConfigFlags): Promise<Planned> {
  if (flags.file === undefined && !existsSync(DEFAULT_FILE)) {
    throw new CommandError(
      `${DEFAULT_FILE} does not exist in this folder.`,
      `\`hookgate config pull ${DEFAULT_FILE}\` writes it. To read another file, add -f.`,
    );
  }
  const document = await readDocument(flags.file ?? DEFAULT_FILE);
  const { values, missing } = secretsOf(document);
  return { document: { ...document, secrets: values }, missing };
}

/** Compares a document with the gateway. The guard makes a later change fail if the gateway has changed in between. */
async function planOf({ api, out, names }: Session, sent: JsonObject, flags: ConfigFlags): Promise<Compared> {
  return await orInterrupted("Nothing was changed.", () =>
    out.progress("Comparing:").during(async () => {
      const { data: gateway, headers } = await api.fetch("/config");
      const etag = headers.get("etag");
      const guard = etag === null ? {} : { "if-match": etag };
      const query = { dry_run: true, ...(flags.prune === true ? { prune: true } : {}) };
      const plan = await api.put("/config", sent, { query, headers: guard, isReading: true });
      const isByHand = await deletedByHand(out.isJson ? [] : objects(plan, "changes"), names);
      return { gateway, plan, isByHand, guard };
    }),
  );
}

function noteMissing({ out }: Session, missing: readonly string[]): void {
  if (missing.length === 0) return;
  out.note(
    oneLine(`Not set in the environment: ${missing.join(", ")}. The gateway keeps these secrets, or generates them.`),
  );
}

async function diff(session: Session, flags: ConfigFlags): Promise<void> {
  const { out } = session;
  const { document, missing } = await documentOf(flags);
  const { gateway, plan, isByHand } = await planOf(session, document, flags);
  if (out.isJson) out.json(plan);
  else out.lines(planLines(plan, gateway, document, isByHand));
  if (objects(plan, "changes").length === 0) return;
  if (!out.isJson) noteMissing(session, missing);
  throw new DifferencesFound();
}

/** Shows what a document changes, asks, and applies it. `missing` are secrets that it names and that have no value. */
export async function applyDocument(
  session: Session,
  document: JsonObject,
  missing: readonly string[],
  flags: ConfigFlags,
): Promise<void> {
  const { api, out, interrupt } = session;
  const { gateway, plan, isByHand, guard } = await planOf(session, document, flags);
  const changes = objects(plan, "changes");
  if (changes.length === 0) {
    if (out.isJson) out.json(plan);
    else out.lines(["No differences. Nothing was changed."]);
    return;
  }
  if (!out.isJson) for (const line of planLines(plan, gateway, document, isByHand)) out.note(line);
  noteMissing(session, missing);
  await confirm(
    `Apply ${changes.length} ${changes.length === 1 ? "change" : "changes"} to ${api.url}?`,
    flags.yes === true,
  );
  if (interrupt.happened()) throw new CommandError("Interrupted. Nothing was changed.");
  const query = flags.prune === true ? { prune: true } : {};
  const check = "`hookgate config diff` shows whether it was applied: all of it, or nothing.";
  const result = await out
    .progress("Applying:")
    .during(() => api.put("/config", document, { query, headers: guard, check }));
  if (out.isJson) {
    out.json(result);
    return;
  }
  out.lines([`Applied ${changes.length} ${changes.length === 1 ? "change" : "changes"}.`]);
  const secrets = object(result, "secrets");
  if (Object.keys(secrets).length === 0) return;
  out.lines(["The gateway generated these secrets:", ...recordLines(secrets, out.nowMs)]);
  out.note("They are not shown again.");
}

function addFile(command: Command): Command {
  return command
    .option("-f, --file <file>", "the file, as YAML or JSON; `-` reads stdin (default: hookgate.yaml)")
    .option("--prune", "also delete what the file does not name, including what was created without a file");
}

/** Adds `config pull`, `config diff` and `config apply`. */
export function addConfigCommands(program: Command): void {
  const group = program.command("config").summary("the whole configuration as one file");
  addExamples(group, "hookgate config pull hookgate.yaml", "hookgate config diff", "hookgate config apply");
  const pulling = group
    .command("pull [file]")
    .summary("write the gateway's configuration as YAML, or as JSON into a .json file")
    .option("-f, --file <file>", "the file to write; without one it is printed")
    .option("-y, --yes", "replace a file that holds no configuration")
    .action(async (file: string | undefined, flags: ConfigFlags, own: Command) => {
      await pull(openSession(own), file ?? flags.file, flags.yes === true);
    });
  addExamples(pulling, "hookgate config pull", "hookgate config pull hookgate.yaml");

  const diffing = addFile(group.command("diff").summary("show what `apply` would change"))
    .description(
      "Shows what `apply` would change. The exit code is 2 if there are differences, and 0 if there are none.",
    )
    .action(async (flags: ConfigFlags, own: Command) => await diff(openSession(own), flags));
  addExamples(diffing, "hookgate config diff", "hookgate config diff -f production.yaml --prune");

  const applying = addFile(group.command("apply").summary("change the configuration to match the file"))
    .description(
      "Shows the differences, asks, and applies all of them or none. The values of secrets come from the environment variables that the file names as {env: NAME}.",
    )
    .option("-y, --yes", "do not ask for confirmation")
    .action(async (flags: ConfigFlags, own: Command) => {
      const session = openSession(own);
      const { document, missing } = await documentOf(flags);
      await applyDocument(session, document, missing, flags);
    });
  addExamples(applying, "hookgate config apply", "SLACK_URL=… hookgate config apply -f production.yaml --prune --yes");
}
