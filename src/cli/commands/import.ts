import { writeFileSync } from "node:fs";
import { Argument, type Command } from "commander";
import type { JsonObject } from "../../client/index.ts";
import { secretsOf, toFile, toYaml, writeConfig } from "../config/file.ts";
import { CommandError, UsageError, fileReason } from "../failure.ts";
import { addExamples } from "../flags.ts";
import type { Draft } from "../import/draft.ts";
import { importHookdeck } from "../import/hookdeck.ts";
import { type Saved, readSaved } from "../import/lists.ts";
import { Notes } from "../import/notes.ts";
import { importSvix } from "../import/svix.ts";
import { openSession } from "../session.ts";
import type { Output } from "../terminal/output.ts";
import { oneLine } from "../terminal/text.ts";
import { applyDocument } from "./config.ts";

const IMPORTS = { svix: importSvix, hookdeck: importHookdeck } as const satisfies Record<
  string,
  (saved: readonly Saved[], notes: Notes) => Draft
>;
type Vendor = keyof typeof IMPORTS;
const VENDORS: readonly Vendor[] = ["svix", "hookdeck"];

type ImportFlags = {
  readonly file?: string;
  readonly out?: string;
  readonly secrets?: string;
  readonly apply?: true;
  readonly yes?: true;
};

function report(out: Output, draft: Draft, notes: Notes): void {
  const lines = (["integrations", "destinations", "routes"] as const).flatMap((section) => {
    const keys = draft.keys(section);
    const noun = keys.length === 1 ? section.slice(0, -1) : section;
    return keys.length === 0 ? [] : [`  ${keys.length} ${noun}: ${keys.join(", ")}`];
  });
  for (const line of ["Taken over:", ...lines, ...notes.lines()]) out.note(oneLine(line));
}

/** Writes the known secrets as lines `NAME='value'` that a shell reads. */
function writeSecrets(file: string, draft: Draft): void {
  const quoted = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`;
  const lines = [...draft.secrets()].map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  try {
    writeFileSync(file, lines.join(""), { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${fileReason(error)}`, "Name a file that does not exist.");
  }
}

function namesIn(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

/** The document with the values of its secrets: those of the environment, else those of the import. */
function withSecrets(document: JsonObject, draft: Draft): JsonObject {
  const { values } = secretsOf(document);
  return { ...document, secrets: { ...Object.fromEntries(draft.secrets()), ...values } };
}

async function write(out: Output, document: JsonObject, draft: Draft, flags: ImportFlags): Promise<void> {
  if (flags.secrets !== undefined) writeSecrets(flags.secrets, draft);
  if (flags.out === undefined || flags.out === "-") {
    if (out.isJson) out.json(document);
    else out.raw(await toYaml(document));
  } else {
    await writeConfig(flags.out, await toFile(document, flags.out), flags.yes === true);
    if (out.isJson) out.json(document);
    else out.lines([oneLine(`Wrote ${flags.out}.`)]);
  }
  const known = [...draft.secrets().keys()];
  const place =
    flags.secrets === undefined
      ? "The import has these secrets; --secrets FILE writes them"
      : `Wrote to ${flags.secrets}`;
  if (known.length > 0) out.note(oneLine(`${place}: ${namesIn(known)}.`));
  if (draft.missing().length > 0) {
    out.note(
      oneLine(`Not in the import: ${namesIn(draft.missing())}. Set them, or the gateway generates what it can.`),
    );
  }
  const file = flags.out === undefined || flags.out === "-" ? "FILE" : flags.out;
  out.note(
    oneLine(`Nothing was changed. \`hookgate config apply -f ${file}\` or --apply makes the gateway be like this.`),
  );
}

async function run(vendor: Vendor, files: readonly string[], flags: ImportFlags, own: Command): Promise<void> {
  const session = openSession(own);
  const named = flags.file === undefined ? files : [...files, flags.file];
  if (flags.apply === true && (flags.out !== undefined || flags.secrets !== undefined)) {
    throw new UsageError("--apply excludes --out and --secrets.", "Leave --apply out to look at the document first.");
  }
  const saved: Saved[] = [];
  for (const file of named.length === 0 ? ["-"] : named) saved.push(await readSaved(file));
  const notes = new Notes();
  const draft = IMPORTS[vendor](saved, notes);
  if (draft.keys("integrations").length + draft.keys("destinations").length === 0) {
    for (const line of notes.lines()) session.out.note(oneLine(line));
    throw new CommandError(
      `There is nothing to import: no ${vendor === "svix" ? "application or endpoint" : "connection, source or destination"}.`,
      `docs/migrate/${vendor}.md says which responses to save.`,
    );
  }
  const document = draft.document();
  report(session.out, draft, notes);
  if (flags.apply !== true) await write(session.out, document, draft, flags);
  else await applyDocument(session, withSecrets(document, draft), draft.missing(), flags);
}

/** Adds `import svix` and `import hookdeck`. */
export function addImport(program: Command): void {
  const command = program
    .command("import")
    .summary("convert the configuration of Svix or Hookdeck")
    .description(
      "Reads saved JSON responses of the other product's API from files or stdin, and prints a configuration for `config apply`. Lists on stderr what was converted in another way and what was not converted. Changes nothing without --apply.",
    )
    .addArgument(new Argument("<product>", "svix or hookdeck").choices(VENDORS))
    .argument("[files...]", "saved responses; `-` reads stdin (default)")
    .option("-f, --file <file>", "another saved response")
    .option("--out <file>", "write the configuration to this file, as YAML, or as JSON if it ends with .json")
    .option("--secrets <file>", "write the secrets of the import to this file, for a shell, readable only by you")
    .option("--apply", "apply the configuration to the gateway, after confirmation")
    .option("-y, --yes", "do not ask; with --out, replace a file that holds no configuration")
    .action(async (vendor: Vendor, files: readonly string[], flags: ImportFlags, own: Command) => {
      await run(vendor, files, flags, own);
    });
  addExamples(
    command,
    "hookgate import hookdeck connections.json --out hookgate.yaml --secrets hookgate.secrets",
    "hookgate import svix svix.json --apply",
    "curl -sS 'https://api.hookdeck.com/2025-07-01/connections?limit=250&include=config.auth' -H \"Authorization: Bearer $HOOKDECK_API_KEY\" | hookgate import hookdeck",
  );
}
