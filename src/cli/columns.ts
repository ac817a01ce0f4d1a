import type { JsonObject } from "../client/index.ts";
import { count, field, firstOf, list, object, objects, plain } from "./rows.ts";
import type { Session } from "./session.ts";
import type { Output } from "./terminal/output.ts";
import { toneOf } from "./terminal/paint.ts";
import type { Column } from "./terminal/table.ts";

// The columns of tables, by resource. The id is the last column, and is not cut.

export type Columns = readonly Column<JsonObject>[];

const NAME_MIN = 12;
const TEXT_MIN = 16;

function text(title: string, name: string, rest: Partial<Column<JsonObject>> = {}): Column<JsonObject> {
  return { title, value: (row) => field(row, name), ...rest };
}

function age(title: string, name: string, out: Output, rest: Partial<Column<JsonObject>> = {}): Column<JsonObject> {
  return { title, value: (row) => out.when(field(row, name)), ...rest };
}

/** When a row was made, or when it changed if the rows are followed. */
function changed(title: string, out: Output): Column<JsonObject> {
  return out.isFollowing ? age("CHANGED", "updated_at", out) : age(title, "created_at", out);
}

function status(value: (row: JsonObject) => string, title = "STATUS"): Column<JsonObject> {
  return { title, value, tone: (row) => toneOf(value(row)) };
}

const ID = text("ID", "id");
const NAME = text("NAME", "name", { min: NAME_MIN });

function enabled(row: JsonObject): string {
  return row["enabled"] === false ? "disabled" : "enabled";
}

function statusOfDestination(row: JsonObject): string {
  if (row["enabled"] === false) return "disabled";
  return field(row, "paused_at") === "" ? field(object(row, "health"), "status") : "paused";
}

export function integrationColumns({ out }: Session): Columns {
  return [
    NAME,
    text("TYPE", "type", { leave: 1 }),
    status(enabled),
    age("LAST EVENT", "last_event_at", out, { leave: 3 }),
    ID,
    text("URL", "url", { leave: 5 }),
  ];
}

export function destinationColumns(_session: Session): Columns {
  return [
    NAME,
    text("TYPE", "type", { leave: 2 }),
    status(statusOfDestination),
    text("URL", "url", { min: TEXT_MIN, leave: 1 }),
    ID,
  ];
}

export async function routeColumns({ names }: Session): Promise<Columns> {
  const [integration, destination] = [await names.labels("integration"), await names.labels("destination")];
  const labels = (row: JsonObject, name: string, label: (id: string) => string): string =>
    list(row, name)
      .map((id) => label(plain(id)))
      .join(", ");
  const from = (row: JsonObject): string =>
    row["integration_ids"] === null ? "all" : labels(row, "integration_ids", integration);
  return [
    NAME,
    status(enabled),
    { title: "FROM", value: from, min: NAME_MIN, leave: 1 },
    { title: "TO", value: (row) => labels(row, "destination_ids", destination), min: NAME_MIN, leave: 1 },
    ID,
  ];
}

export function transformationColumns({ out }: Session): Columns {
  return [
    NAME,
    { title: "VERSION", value: (row) => String(count(row, "version")) },
    age("CHANGED", "updated_at", out, { leave: 1 }),
    ID,
  ];
}

export function versionColumns({ out }: Session): Columns {
  const lines = (row: JsonObject): string => String(field(row, "code").trimEnd().split("\n").length);
  return [
    { title: "VERSION", value: (row) => String(count(row, "version")) },
    age("SAVED", "created_at", out),
    { title: "LINES", value: lines },
  ];
}

export function runColumns({ out }: Session): Columns {
  return [
    age("WHEN", "at", out),
    status((row) => (row["ok"] === true ? "ok" : "failed")),
    { title: "VERSION", value: (row) => String(count(row, "version")), leave: 2 },
    {
      title: "RESULT",
      value: (row) => firstOf(field(row, "error"), list(row, "logs").map(plain).join(" ")),
      min: TEXT_MIN,
    },
    text("FOR", "event_id", { leave: 1 }),
  ];
}

export async function eventColumns({ names, out }: Session): Promise<Columns> {
  const integration = await names.labels("integration");
  return [
    age("RECEIVED", "received_at", out),
    text("TYPE", "type", {
      value: (row) => firstOf(field(row, "type"), field(row, "outcome")),
      tone: (row) => toneOf(field(row, "outcome")),
    }),
    { title: "INTEGRATION", value: (row) => integration(field(row, "integration_id")), min: NAME_MIN, leave: 3 },
    text("TITLE", "title", {
      value: (row) => firstOf(field(row, "title"), field(row, "note")),
      min: TEXT_MIN,
      leave: 2,
    }),
    ID,
  ];
}

/** What the last attempt of a delivery came to. */
function lastResult(row: JsonObject): string {
  const last = objects(row, "attempts").at(-1);
  if (last === undefined) return field(row, "reason");
  return firstOf(field(last, "error"), field(last, "status"));
}

export async function deliveryColumns({ names, out }: Session): Promise<Columns> {
  const destination = await names.labels("destination");
  return [
    changed("CREATED", out),
    status((row) => field(row, "status")),
    { title: "TRIES", value: (row) => String(list(row, "attempts").length), leave: 4 },
    { title: "DESTINATION", value: (row) => destination(field(row, "destination_id")), min: NAME_MIN, leave: 1 },
    { title: "RESULT", value: lastResult, min: TEXT_MIN, leave: 3 },
    text("EVENT", "title", {
      value: (row) => firstOf(field(row, "title"), field(row, "summary"), field(row, "event_type")),
      min: TEXT_MIN,
      leave: 5,
    }),
    ID,
  ];
}

export async function alertColumns({ names, out }: Session): Promise<Columns> {
  const integration = await names.labels("integration");
  return [
    changed("OPENED", out),
    status((row) => field(row, "status")),
    text("URGENCY", "urgency", { leave: 3 }),
    text("TITLE", "title", { min: TEXT_MIN }),
    { title: "REPEATS", value: (row) => String(count(row, "dedup_count")), leave: 4 },
    { title: "INTEGRATION", value: (row) => integration(field(row, "integration_id")), min: NAME_MIN, leave: 2 },
    ID,
  ];
}

export function replayColumns({ out }: Session): Columns {
  return [
    age("STARTED", "created_at", out),
    status((row) => field(row, "status")),
    { title: "DONE", value: (row) => `${count(row, "replayed") + count(row, "failed")} of ${count(row, "count")}` },
    { title: "FAILED", value: (row) => String(count(row, "failed")), leave: 1 },
    ID,
  ];
}

export function tokenColumns({ out }: Session): Columns {
  return [
    NAME,
    { title: "SCOPES", value: (row) => list(row, "scopes").map(plain).join(", ") },
    age("EXPIRES", "expires_at", out, { leave: 1 }),
    age("CREATED", "created_at", out, { leave: 2 }),
    ID,
  ];
}

export function auditColumns({ out }: Session): Columns {
  const target = (row: JsonObject): JsonObject => object(row, "target");
  return [
    age("WHEN", "at", out),
    text("WHO", "actor", { value: (row) => firstOf(field(row, "actor_name"), field(row, "actor")), min: NAME_MIN }),
    text("ACTION", "action"),
    { title: "WHAT", value: (row) => field(target(row), "name"), min: NAME_MIN },
    { title: "ID", value: (row) => field(target(row), "id"), leave: 1 },
  ];
}

export function rejectionColumns({ out }: Session): Columns {
  const example = (row: JsonObject): JsonObject => object(row, "example");
  return [
    age("WHEN", "at", out),
    text("STATUS", "status"),
    text("CODE", "code"),
    text("COUNT", "count"),
    { title: "SENT BY", value: (row) => field(example(row), "user_agent"), min: NAME_MIN, leave: 1 },
    { title: "AS", value: (row) => field(example(row), "content_type"), min: NAME_MIN, leave: 2 },
  ];
}

export function readyMadeColumns(): Columns {
  return [
    text("NAME", "name"),
    text("TITLE", "title", { min: TEXT_MIN, leave: 1 }),
    text("CATEGORY", "category", { leave: 2 }),
  ];
}

export function searchColumns(): Columns {
  return [text("KIND", "kind"), text("TITLE", "title", { min: TEXT_MIN, leave: 1 }), ID];
}
