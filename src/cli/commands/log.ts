import type { Command } from "commander";
import { ALERT_STATUSES, URGENCIES } from "../../model/alert.ts";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { MESSAGE_TYPES, OUTCOMES } from "../../model/event.ts";
import { collectRows } from "../collect.ts";
import { type Columns, alertColumns, deliveryColumns, eventColumns } from "../columns.ts";
import { type ListFlags, addExamples, addListFlags, addTimeFlags, oneOf, parseTime } from "../flags.ts";
import { type FilterFlags, queryOf } from "../query.ts";
import { type Session, openSession } from "../session.ts";
import { showRecord, showRows } from "../show.ts";
import { tail } from "../tail.ts";
import { showEvent } from "./story.ts";

export type LogPath = "events" | "deliveries" | "alerts";

type Log = {
  readonly summary: string;
  readonly singular: string;
  readonly columns: (session: Session) => Promise<Columns>;
  readonly addFilters: (command: Command) => Command;
  readonly examples: readonly string[];
};

function addEventFilters(command: Command): Command {
  return command
    .option("--integration <name>", "only of this integration")
    .option("--alert <id>", "only of this alert")
    .addOption(oneOf("--type <type>", "only of this type", MESSAGE_TYPES))
    .addOption(oneOf("--outcome <outcome>", "only with this outcome", OUTCOMES))
    .option("--unrouted", "only events that no route matched")
    .option("-q, --query <text>", "only with this text in the title, the key or the payload");
}

function addDeliveryFilters(command: Command): Command {
  return command
    .addOption(oneOf("--status <status>", "only with this status", DELIVERY_STATUSES))
    .option("--destination <name>", "only to this destination")
    .option("--integration <name>", "only of events of this integration")
    .option("--event <id>", "only of this event")
    .option("--outstanding", "only those that are dead and were not replayed");
}

function addAlertFilters(command: Command): Command {
  return command
    .addOption(oneOf("--status <status>", "only with this status", ALERT_STATUSES))
    .option("--integration <name>", "only of this integration")
    .option("--key <key>", "only with this key")
    .addOption(oneOf("--urgency <urgency>", "only with this urgency", URGENCIES))
    .option("-q, --query <text>", "only with this text in the title, the key or the description");
}

const LOGS = {
  events: {
    summary: "the events that arrived, with their outcomes",
    singular: "an event",
    columns: eventColumns,
    addFilters: addEventFilters,
    examples: ["--since 1h", "--integration Orders -q 4711", "--unrouted --since 1d --json"],
  },
  deliveries: {
    summary: "the deliveries to destinations, with each attempt",
    singular: "a delivery",
    columns: deliveryColumns,
    addFilters: addDeliveryFilters,
    examples: ["--status dead --since 1d", "--destination Slack --limit 200", "--outstanding --json"],
  },
  alerts: {
    summary: "open, acknowledged and resolved alerts",
    singular: "an alert",
    columns: alertColumns,
    addFilters: addAlertFilters,
    examples: ["--status open", "--urgency critical --since 7d", "--status open --json"],
  },
} as const satisfies Record<LogPath, Log>;

/** The gateway orders and filters deliveries so. */
const BY_EVENTS =
  "The order and the times are those of the events, so a replay is listed beside the first delivery of its event.";
const NOT_SHOWN = "Replays and retries for events that are older than a minute are not shown.";

type ListOptions = FilterFlags & ListFlags;

function addLog(program: Command, path: LogPath): Command {
  const { summary, singular, columns, addFilters, examples } = LOGS[path];
  const group = program.command(path).summary(summary);
  addExamples(group, `hookgate ${path} list ${examples[0]}`, `hookgate ${path} get ID`, `hookgate ${path} tail`);

  const listing = addListFlags(addTimeFlags(addFilters(group.command("list").summary(`list ${path}, newest first`))));
  if (path === "deliveries") listing.description(`Lists deliveries, newest first. ${BY_EVENTS}`);
  listing.action(async (flags: ListOptions, command: Command) => {
    const session = openSession(command);
    const rows = await collectRows(session, `/${path}`, await queryOf(flags, session.names), flags);
    await showRows(session, rows, () => columns(session), `No ${path} match.`);
  });
  addExamples(listing, `hookgate ${path} list`, ...examples.map((flags) => `hookgate ${path} list ${flags}`));

  const get = group.command("get <id>").summary(`show ${singular}`);
  get.action(async (id: string, _: unknown, command: Command) => {
    const session = openSession(command);
    const found = await session.api.get(`/${path}/{id}`, { params: { id } });
    if (path === "events") await showEvent(session, found);
    else await showRecord(session, found);
  });
  addExamples(get, `hookgate ${path} get ID`, `hookgate ${path} get ID --json`);

  const following = addFilters(group.command("tail").summary(`show new ${path} as they arrive`))
    .option(
      "--since <time>",
      "first show the rows since this time: a span before now such as 10m, or a time",
      parseTime,
    )
    .description(
      `Shows new ${path} until you press Ctrl+C. If the network is lost, the command continues where it was. With --json, each line is a JSON document.${path === "deliveries" ? ` ${NOT_SHOWN}` : ""}`,
    );
  following.action(async (flags: FilterFlags, command: Command) => {
    const session = openSession(command);
    await tail(session, path, await queryOf(flags, session.names), () => columns(session));
  });
  addExamples(following, `hookgate ${path} tail`, `hookgate ${path} tail --json | jq .id`);
  return group;
}

/** Adds `events`, `deliveries` and `alerts`. Returns the commands, for those that one of them has beside these. */
export function addLogCommands(program: Command): Readonly<Record<LogPath, Command>> {
  return {
    events: addLog(program, "events"),
    deliveries: addLog(program, "deliveries"),
    alerts: addLog(program, "alerts"),
  };
}
