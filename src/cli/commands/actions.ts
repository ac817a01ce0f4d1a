import type { Command } from "commander";
import { deliveryColumns } from "../columns.ts";
import { addExamples, collect } from "../flags.ts";
import { field, objects } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { showRecord } from "../show.ts";
import { oneLine } from "../terminal/text.ts";
import { showExplanation } from "./story.ts";

// What can be done with one alert, delivery or event.

type ReplayFlags = { readonly destination?: readonly string[] };

function addAlertAction(group: Command, action: "acknowledge" | "resolve", done: string): void {
  const command = group
    .command(`${action} <id>`)
    .summary(`${action} an alert`)
    .action(async (id: string, _: unknown, own: Command) => {
      const { api, out } = openSession(own);
      const alert = await api.post(`/alerts/{id}/${action}`, undefined, { params: { id } });
      if (out.isJson) out.json(alert);
      else out.lines([oneLine(`${done}: ${field(alert, "title")}`)]);
    });
  addExamples(command, `hookgate alerts ${action} alr_…`);
}

export function addAlertActions(group: Command): void {
  addAlertAction(group, "acknowledge", "Acknowledged");
  addAlertAction(group, "resolve", "Resolved");
}

export function addRetry(group: Command): void {
  const command = group
    .command("retry <id>")
    .summary("attempt a delivery again now")
    .action(async (id: string, _: unknown, own: Command) => {
      const session = openSession(own);
      await showRecord(session, await session.api.post("/deliveries/{id}/retry", undefined, { params: { id } }));
    });
  addExamples(command, "hookgate deliveries retry dlv_…");
}

async function replay(session: Session, id: string, { destination }: ReplayFlags): Promise<void> {
  const ids: string[] = [];
  for (const name of destination ?? []) ids.push(await session.names.idOf("destination", name));
  const body = destination === undefined ? {} : { destination_ids: ids };
  const event = await session.api.post("/events/{id}/replay", body, { params: { id } });
  if (session.out.isJson) session.out.json(event);
  else session.out.table(await deliveryColumns(session), objects(event, "deliveries"));
}

export function addEventActions(group: Command): void {
  const replaying = group
    .command("replay <id>")
    .summary("deliver an event again")
    .option("--destination <name>", "to this destination only; may be repeated", collect)
    .action(async (id: string, flags: ReplayFlags, own: Command) => await replay(openSession(own), id, flags));
  addExamples(replaying, "hookgate events replay evt_…", "hookgate events replay evt_… --destination Slack");

  const explaining = group
    .command("explain <id>")
    .summary("show for each route whether it matches an event, and why not")
    .action(async (id: string, _: unknown, own: Command) => {
      const session = openSession(own);
      showExplanation(session, await session.api.get("/events/{id}/explain", { params: { id } }));
    });
  addExamples(explaining, "hookgate events explain evt_…");
}
