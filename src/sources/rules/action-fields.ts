import type { AdditionalDatum, AlertFields, Incident } from "../../model/alert.ts";
import type { Json } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import { saysYes, severityIn, urgencyIn } from "../reading/alert-values.ts";
import { isTime, linkDatum } from "../reading/wording.ts";
import type { SourceContext } from "../source.ts";
import type { RuleAction } from "./sets/rule-set.ts";
import { type RenderInput, type Text, compileMap, compileText, compileTexts, compileValue } from "./template.ts";

export type CreateAction = Extract<RuleAction, { type: "create" }>;
type Errors = FieldError[];

/** The input of an action. `eventId` is the id of the event that the action makes. */
export type ActionInput = RenderInput & {
  readonly integration: SourceContext["integration"];
  readonly eventId: string;
};

function compileTags(given: CreateAction["tags"], at: string, errors: Errors): (input: ActionInput) => string[] {
  const texts = compileTexts(given, at, errors);
  const tagsIn = (text: string): string[] => (typeof given === "string" ? text.split(",") : [text]);
  return (input) => {
    const tags = texts(input).flatMap(tagsIn);
    return [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
  };
}

type Datum = NonNullable<CreateAction["additional_data"]>[number];

/** Returns whether a value can have a format. A link or an image must be a web address. */
function canBe(format: AdditionalDatum["format"], value: Json): boolean {
  switch (format) {
    case "link":
    case "img":
      return typeof value === "string" && linkDatum("", value)[0]?.format === "link";
    case "datetime":
      return typeof value !== "string" || isTime(value);
    case "text":
    case "email":
    case "phone":
      return true;
  }
}

function compileDatum(given: Datum, at: string, errors: Errors): (input: ActionInput) => AdditionalDatum | null {
  const { format = "text" } = given;
  const label = compileText(given.label, `${at}.label`, errors);
  const value = compileValue(given.value, `${at}.value`, errors);
  return (input) => {
    const rendered = value(input);
    if (rendered === "" || rendered === null) return null;
    return { format: canBe(format, rendered) ? format : "text", label: label(input), value: rendered };
  };
}

function compileIncident(given: CreateAction, at: string, errors: Errors): (input: ActionInput) => Incident | null {
  const incident = compileText(given.incident, `${at}.incident`, errors);
  const severity = compileText(given.incident_severity, `${at}.incident_severity`, errors);
  const message = compileText(given.incident_message, `${at}.incident_message`, errors);
  return (input) =>
    saysYes(incident(input)) ? { severity: severityIn(severity(input)), message: message(input) } : null;
}

/** Returns the title, or a default that names the integration: an alert without a title is not lost. */
function titleOr(title: Text, input: ActionInput): string {
  const text = title(input);
  if (text !== "") return text;
  input.notes.push("The title is blank, so that the integration's name was used.");
  return `Alert from ${input.integration.name}`;
}

/** Compiles the fields of an alert and adds the faults of their templates to the errors. */
export function compileFields(given: CreateAction, at: string, errors: Errors): (input: ActionInput) => AlertFields {
  const title = compileText(given.title, `${at}.title`, errors);
  const description = compileText(given.description, `${at}.description`, errors);
  const urgency = compileText(given.urgency, `${at}.urgency`, errors);
  const tags = compileTags(given.tags, `${at}.tags`, errors);
  const meta = compileMap(given.meta ?? {}, `${at}.meta`, errors);
  const incident = compileIncident(given, at, errors);
  const data = (given.additional_data ?? []).map((datum, index) =>
    compileDatum(datum, `${at}.additional_data[${index}]`, errors),
  );
  return (input) => ({
    title: titleOr(title, input),
    description: description(input),
    urgency: urgencyIn(urgency(input)),
    tags: tags(input),
    meta: meta(input),
    incident: incident(input),
    additional_data: data.map((datum) => datum(input)).filter((datum) => datum !== null),
  });
}
