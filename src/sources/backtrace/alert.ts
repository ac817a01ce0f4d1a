import type { AdditionalDatum, AlertFields } from "../../model/alert.ts";
import { type Json, type JsonObject, isJsonObject, isList, memberOf } from "../../model/json.ts";
import {
  firstOf,
  linesOf,
  linkDatum,
  tagsOf,
  textDatum,
  textOf,
  timeDatum,
  timeOfSeconds,
  titleOf,
} from "../reading/wording.ts";

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function textsIn(value: Json | undefined): string[] {
  return listOf(value)
    .map(textOf)
    .filter((text) => text !== "");
}

/** Returns a text, number or boolean as text, and any other value as JSON. */
function nameOf(value: Json | undefined): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value).toWellFormed() : textOf(value);
}

function describeBar(bar: Json): string {
  if (!isList(bar)) return nameOf(bar);
  const [name, count] = bar;
  return count === undefined ? nameOf(name) : `${nameOf(name)} (${nameOf(count)})`;
}

/** Returns `[["1.1.0", 24], ["1.2.3", 10]]` as `1.1.0 (24), 1.2.3 (10)`. */
function describeHistogram(value: Json): string {
  if (!isList(value)) return nameOf(value);
  return value
    .map(describeBar)
    .filter((text) => text !== "")
    .join(", ");
}

function histograms(attributes: Json | undefined): readonly AdditionalDatum[] {
  if (!isJsonObject(attributes)) return [];
  return Object.entries(attributes).flatMap(([name, bars]) => textDatum(name.toWellFormed(), describeHistogram(bars)));
}

/** Returns the alert for a group of errors. Fields that the sender can hide may be missing. */
export function groupFieldsOf(fields: JsonObject): AlertFields {
  const textAt = (name: string): string => textOf(memberOf(fields, name));
  const callstack = textsIn(memberOf(fields, "callstack"));
  const classifiers = textsIn(memberOf(fields, "classifiers"));
  const [first, last] = listOf(memberOf(fields, "timestamp")).map(timeOfSeconds);
  const meta = ["universe", "project", "application", "fingerprint"]
    .map((name) => [name, textAt(name)] as const)
    .filter(([, text]) => text !== "");
  return {
    title: titleOf(
      firstOf(textAt("application"), textAt("project")),
      firstOf(callstack[0], textAt("fingerprint")),
      "Backtrace",
    ),
    description: linesOf([
      ["Occurrences", textAt("occurrences")],
      ["Hosts", textAt("hosts")],
      ["First seen", first ?? ""],
      ["Last seen", last ?? ""],
      ["Classifiers", classifiers.join(", ")],
      ["Group", textAt("group_url")],
      ["", callstack.length === 0 ? "" : `Callstack:\n${callstack.map((frame) => `  ${frame}`).join("\n")}`],
    ]),
    urgency: null,
    tags: tagsOf(classifiers),
    meta: Object.fromEntries(meta),
    incident: null,
    additional_data: [
      ...linkDatum("Group", textAt("group_url")),
      ...textDatum("Occurrences", textAt("occurrences")),
      ...textDatum("Hosts", textAt("hosts")),
      ...textDatum("GUIDs", textAt("guids")),
      ...timeDatum("First seen", first ?? ""),
      ...timeDatum("Last seen", last ?? ""),
      ...linkDatum("API", textAt("href")),
      ...histograms(memberOf(fields, "attributes")),
    ],
  };
}
