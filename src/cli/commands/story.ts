import type { JsonObject } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { field, firstOf, list, noteOf, object, objects, plain } from "../rows.ts";
import type { Session } from "../session.ts";
import { withNames } from "../show.ts";
import { paint, toneOf } from "../terminal/paint.ts";
import { recordLines } from "../terminal/record.ts";
import { oneLine, neutralize } from "../terminal/text.ts";

// An event as people read it: what arrived, what became of it, and why.

const CLOCK = [11, 23] as const;
const STEP = "  ";

function attemptLine(attempt: JsonObject): string {
  const result = firstOf(field(attempt, "error"), `status ${field(attempt, "status")}`);
  const at = field(attempt, "at").slice(...CLOCK);
  return `${STEP}${STEP}${at}  attempt ${field(attempt, "number")}: ${oneLine(result)} in ${field(attempt, "duration_ms")} ms`;
}

function deliveryLines(delivery: JsonObject, destination: (id: string) => string): string[] {
  const status = field(delivery, "status");
  const name = oneLine(destination(field(delivery, "destination_id")));
  const reason = field(delivery, "reason");
  const next = field(delivery, "next_attempt_at");
  return [
    `${STEP}${paint(toneOf(status), status)} ${name}  ${paint("faint", field(delivery, "id"))}`,
    ...objects(delivery, "attempts").map(attemptLine),
    ...(reason === "" ? [] : [`${STEP}${STEP}${oneLine(reason)}`]),
    ...(next === "" ? [] : [`${STEP}${STEP}next attempt at ${next}`]),
  ];
}

/** Shows an event with its payload, deliveries and attempts. */
export async function showEvent(session: Session, event: JsonObject): Promise<void> {
  const { out, names } = session;
  if (out.isJson) {
    out.json(event);
    return;
  }
  const { payload = null, headers: _, deliveries: __, groups: ___, ...rest } = event;
  const shown = field(event, "note") === "" ? rest : { ...rest, note: noteOf(event) };
  const destination = await names.labels("destination");
  const deliveries = objects(event, "deliveries").flatMap((delivery) => deliveryLines(delivery, destination));
  const headers = Object.entries(object(event, "headers")).map(
    ([name, value]) => STEP + oneLine(`${name}: ${plain(value)}`),
  );
  out.lines([
    ...recordLines(await withNames(session, shown), out.nowMs),
    ...(headers.length === 0 ? [] : [paint("strong", "headers"), ...headers]),
    paint("strong", "payload"),
    ...neutralize(writeJson(payload, 2))
      .split("\n")
      .map((line) => STEP + line),
    paint("strong", "deliveries"),
    ...(deliveries.length === 0 ? [`${STEP}none`] : deliveries),
  ]);
}

function conditionOf(failed: JsonObject): string {
  const shown = (name: string): string => writeJson(failed[name] ?? null);
  return oneLine(
    `${field(failed, "path")} ${field(failed, "operator")} ${shown("expected")}, but it is ${shown("actual")}`,
  );
}

function routeLines(route: JsonObject): string[] {
  const name = oneLine(field(route, "name"));
  const to = objects(route, "destinations")
    .map((destination) => field(destination, "name"))
    .join(", ");
  if (route["takes"] === true) return [`${paint("good", "takes it")}  ${name} → ${oneLine(to)}`];
  const reason = field(route, "reason");
  return [
    `${paint("faint", "no")}        ${name}: ${oneLine(firstOf(reason, "not evaluated"))}`,
    ...objects(route, "failed").map((failed) => `          ${conditionOf(failed)}`),
  ];
}

/** Shows which routes take an event, and which conditions failed. */
export function showExplanation({ out }: Session, explanation: JsonObject): void {
  if (out.isJson) {
    out.json(explanation);
    return;
  }
  const routes = objects(explanation, "routes");
  const { routes: _, next_cursor: __, ...shown } = explanation;
  const isEmpty = list(explanation, "routes").length === 0;
  out.lines([...recordLines(shown, out.nowMs), ...(isEmpty ? ["There are no routes."] : routes.flatMap(routeLines))]);
}
