import type { Command } from "commander";
import { collectRows } from "../collect.ts";
import { rejectionColumns } from "../columns.ts";
import { type ListFlags, addExamples, addListFlags } from "../flags.ts";
import { openSession } from "../session.ts";
import { showRows } from "../show.ts";

/** Adds what only integrations have. */
export function addIntegrationActions(group: Command): void {
  const rejections = addListFlags(group.command("rejections <name>").summary("show the requests that were refused"));
  rejections.action(async (name: string, flags: ListFlags, command: Command) => {
    const session = openSession(command);
    const id = await session.names.idOf("integration", name);
    const rows = await collectRows(session, "/integrations/{id}/rejections", {}, flags, { id });
    await showRows(session, rows, () => rejectionColumns(session), "No request was refused.");
  });
  addExamples(rejections, "hookgate integrations rejections Orders");
}
