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
  const textAt = (name: Shown): string => textOf(memberOf(fields, name));
  const severity = textAt("severityname");
  const subject = firstOf(textAt("name"), textAt("groupname"), textAt("sourcename"));
  return {
    title: titleOf(subject, firstOf(textAt("devicename"), textAt("appname")), "Retrace alert"),
    description: linesOf([
      ["Severity", severity],
      ["State", textAt("statename")],
      ["Result", textAt("resultstatus")],
      ["Source", textAt("sourcename")],
      ["Group", textAt("groupname")],
      ["Device", textAt("devicename")],
      ["App", textAt("appname")],
      ["Environment", textAt("environmentname")],
      ["Started", textAt("started")],
    ]),
    urgency: urgencyOf(severity, isEscalated),
    tags: tagsOf([textAt("appname"), textAt("environmentname")]),
    meta: {},
    incident: null,
    additional_data: [
      ...textDatum("Result", textAt("resultstatus")),
      ...textDatum("Source", textAt("sourcename")),
      ...timeDatum("Started", textAt("started")),
      ...timeDatum("Ended", textAt("ended")),
      ...timeDatum("Processed", textAt("processtime")),
    ],
  };
}

/** Returns the alert of a new or regressed error. Retrace gives errors no severity. */
export function errorFieldsOf(fields: JsonObject): AlertFields {
  const textAt = (name: Shown): string => textOf(memberOf(fields, name));
  return {
    title: titleOf(textAt("errortype"), firstOf(textAt("message"), textAt("method")), "Retrace error"),
    description: linesOf([
      ["", textAt("message")],
      ["Method", textAt("method")],
      ["App", textAt("appname")],
      ["Environment", textAt("environmentname")],
      ["Device", textAt("devicename")],
      ["At", textAt("timestamp")],
      ["", textAt("stacktrace")],
    ]),
    urgency: null,
    tags: tagsOf([textAt("appname"), textAt("environmentname")]),
    meta: {},
    incident: null,
    additional_data: [
      ...textDatum("Method", textAt("method")),
      ...textDatum("Device", textAt("devicename")),
      ...timeDatum("At", textAt("timestamp")),
      ...timeDatum("Processed", textAt("processtime")),
    ],
  };
}
