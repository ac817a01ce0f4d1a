import { type Json, isJsonObject, memberOf } from "../../model/json.ts";
import type { RuleSetOptions } from "./sets/rule-set.ts";
import { type EmbeddedKind, createOpener, heightOf, readJsonText } from "../reading/embedded-texts.ts";
import { MAX_DEPTH } from "../reading/json-text.ts";

type PreprocessorName = NonNullable<RuleSetOptions["preprocess"]>[number]["type"];

const JSON_TEXT: EmbeddedKind = { start: /^\s*[[{]/, read: readJsonText };
const MAX_ATTEMPTS = 5_000;

/**
 * Parses the JSON in the `Message` of an SNS message:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
function openSnsMessage(value: Json): Json {
  if (!isJsonObject(value) || typeof value["Type"] !== "string" || typeof value["Message"] !== "string") return value;
  const message = readJsonText(value["Message"]);
  // Inside the envelope, a message is one level deeper, so that it must not reach the limit by itself.
  return message === undefined || heightOf(message) >= MAX_DEPTH ? value : { ...value, Message: message };
}

/** Returns the map in the only field of a form, which Uptime Kuma names `data`. */
function unwrapData(value: Json): Json {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return value;
  const { data } = value;
  return isJsonObject(data) ? data : value;
}

/** Adds the map in the field that `event_type` names as `event`. incident.io's names of fields have dots, which a path cannot have. */
function unwrapEvent(value: Json): Json {
  if (!isJsonObject(value) || typeof value["event_type"] !== "string") return value;
  const event = memberOf(value, value["event_type"]);
  return isJsonObject(event) ? { ...value, event } : value;
}

/** Returns an alarm without the envelope of SNS, as raw delivery and EventBridge send it, as the message of one. */
function wrapAlarm(value: Json): Json {
  if (!isJsonObject(value) || value["Message"] !== undefined) return value;
  return typeof value["AlarmName"] === "string" || value["source"] === "aws.cloudwatch" ? { Message: value } : value;
}

const STEPS = {
  parse_json: (value) => createOpener(JSON_TEXT, MAX_ATTEMPTS).open(value),
  parse_sns: openSnsMessage,
  unwrap_data: unwrapData,
  unwrap_event: unwrapEvent,
  wrap_alarm: wrapAlarm,
} as const satisfies Record<PreprocessorName, (value: Json) => Json>;

/** Returns a payload after the preprocessing steps, in their order. */
export function preprocess(value: Json, steps: readonly { readonly type: PreprocessorName }[]): Json {
  return steps.reduce((current, { type }) => STEPS[type](current), value);
}
