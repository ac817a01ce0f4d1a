import { type AlertFields, URGENCIES, type Urgency } from "../../model/alert.ts";
import { type JsonObject, memberOf } from "../../model/json.ts";
import { firstOf, linesOf, tagsOf, textDatum, textOf, timeDatum, titleOf } from "../reading/wording.ts";

// Field names are in lower case here. Times keep their seven fraction digits and their offset.

/** The fields that the alert of a monitor or an error uses. */
export const FIELDS_SHOWN = [
  "AppName",
  "DeviceName",
  "Ended",
  "EnvironmentName",
  "ErrorType",
  "GroupName",
  "Message",
  "Method",
  "Name",
  "ProcessTime",
  "ResultStatus",
  "SeverityName",
  "SourceName",
  "StackTrace",
  "Started",
  "StateName",
  "Timestamp",
] as const;

type Shown = Lowercase<(typeof FIELDS_SHOWN)[number]>;

const URGENCY_OF = new Map<string, Urgency>([
  ["warning", "medium"],
  ["critical", "high"],
  ["outage", "critical"],
]);

function urgencyOf(severity: string, isEscalated: boolean): Urgency | null {
  const urgency = URGENCY_OF.get(severity.toLowerCase()) ?? null;
  if (urgency === null || !isEscalated) return urgency;
  return URGENCIES[URGENCIES.indexOf(urgency) + 1] ?? urgency;
}

/** Returns the alert of a monitor. */
export function alertFieldsOf(fields: JsonObject, isEscalated: boolean): AlertFields {
  const said = (name: Shown): string => textOf(memberOf(fields, name));
  const severity = said("severityname");
  const subject = firstOf(said("name"), said("groupname"), said("sourcename"));
  return {
    title: titleOf(subject, firstOf(said("devicename"), said("appname")), "Retrace alert"),
    description: linesOf([
      ["Severity", severity],
      ["State", said("statename")],
      ["Result", said("resultstatus")],
      ["Source", said("sourcename")],
      ["Group", said("groupname")],
      ["Device", said("devicename")],
      ["App", said("appname")],
      ["Environment", said("environmentname")],
      ["Started", said("started")],
    ]),
    urgency: urgencyOf(severity, isEscalated),
    tags: tagsOf([said("appname"), said("environmentname")]),
    meta: {},
    incident: null,
    additional_data: [
      ...textDatum("Result", said("resultstatus")),
      ...textDatum("Source", said("sourcename")),
      ...timeDatum("Started", said("started")),
      ...timeDatum("Ended", said("ended")),
      ...timeDatum("Processed", said("processtime")),
    ],
  };
}

/** Returns the alert of a new or regressed error. Retrace gives errors no severity. */
export function errorFieldsOf(fields: JsonObject): AlertFields {
  const said = (name: Shown): string => textOf(memberOf(fields, name));
  return {
    title: titleOf(said("errortype"), firstOf(said("message"), said("method")), "Retrace error"),
    description: linesOf([
      ["", said("message")],
      ["Method", said("method")],
      ["App", said("appname")],
      ["Environment", said("environmentname")],
      ["Device", said("devicename")],
      ["At", said("timestamp")],
      ["", said("stacktrace")],
    ]),
    urgency: null,
    tags: tagsOf([said("appname"), said("environmentname")]),
    meta: {},
    incident: null,
    additional_data: [
      ...textDatum("Method", said("method")),
      ...textDatum("Device", said("devicename")),
      ...timeDatum("At", said("timestamp")),
      ...timeDatum("Processed", said("processtime")),
    ],
  };
}
