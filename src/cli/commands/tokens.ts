import type { Command } from "commander";
import { SCOPES } from "../../model/token.ts";
import { collectRows } from "../collect.ts";
import { tokenColumns } from "../columns.ts";
import { UsageError } from "../failure.ts";
import { type ListFlags, addExamples, addListFlags, collect, oneOf, parseDuration } from "../flags.ts";
import { openSession } from "../session.ts";
import { showRecord, showRows } from "../show.ts";
import { confirm } from "../terminal/prompt.ts";

type CreateFlags = { readonly name: string; readonly scope: readonly string[]; readonly expires?: number };
type DeleteFlags = { readonly yes?: true };

function scopesOf(text: string, before: readonly string[] | undefined): readonly string[] {
  const scopes = collect(text, before);
  const unknown = scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown === undefined) return scopes;
  throw new UsageError(`--scope ${unknown} is not a scope.`, `The scopes are: ${SCOPES.join(", ")}.`);
}

function addCreate(group: Command): void {
  const command = group
    .command("create")
    .summary("create an API token")
    .requiredOption("--name <name>", "what the token is for")
    .addOption(
      oneOf("--scope <scope>", "read, write or admin; may be repeated", SCOPES)
        .argParser(scopesOf)
        .makeOptionMandatory(),
    )
    .option("--expires <span>", "how long it is valid, such as 90d", parseDuration)
    .action(async ({ name, scope, expires }: CreateFlags, own: Command) => {
      const session = openSession(own);
      const end = expires === undefined ? {} : { expires_at: new Date(Date.now() + expires).toISOString() };
      await showRecord(session, await session.api.post("/tokens", { name, scopes: scope, ...end }));
      session.out.note("The token is not shown again.");
    });
  addExamples(command, "hookgate tokens create --name CI --scope write --expires 90d");
}

function addDelete(group: Command): void {
  const command = group
    .command("delete <name>")
    .summary("revoke an API token")
    .option("-y, --yes", "do not ask for confirmation")
    .action(async (name: string, { yes }: DeleteFlags, own: Command) => {
      const { api, out, names } = openSession(own);
      const id = await names.idOf("token", name);
      await confirm(`Revoke the token ${name}?`, yes === true);
      await api.delete("/tokens/{id}", { params: { id } });
      if (out.isJson) out.json({ id, deleted: true });
      else out.lines([`Revoked ${id}.`]);
    });
  addExamples(command, "hookgate tokens delete NAME", "hookgate tokens delete tok_… --yes");
}

/** Adds `tokens`. */
export function addTokenCommands(program: Command): void {
  const group = program.command("tokens").summary("API tokens");
  addExamples(group, "hookgate tokens create --name CI --scope write --expires 90d", "hookgate tokens list");
  const listing = addListFlags(group.command("list").summary("list API tokens"));
  listing.action(async (flags: ListFlags, own: Command) => {
    const session = openSession(own);
    await showRows(
      session,
      await collectRows(session, "/tokens", {}, flags),
      () => tokenColumns(session),
      "There are no tokens.",
    );
  });
  addExamples(listing, "hookgate tokens list");
  addCreate(group);
  addDelete(group);
}
