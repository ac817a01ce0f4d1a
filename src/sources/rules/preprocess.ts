import { type Json, isJsonObject } from "../../model/json.ts";
import type { RuleSetOptions } from "./sets/rule-set.ts";
import { DEEPEST, type EmbeddedKind, createOpener, heightOf, readJsonText } from "../reading/embedded-texts.ts";

type Step = NonNullable<RuleSetOptions["preprocess"]>[number]["type"];

const JSON_TEXT: EmbeddedKind = { start: /^\s*[[{]/, read: readJsonText };
const MAX_ATTEMPTS = 5_000;

/** An SNS message with the JSON of its `Message` opened: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function openSnsMessage(value: Json): Json {
  if (!isJsonObject(value) || typeof value["Type"] !== "string" || typeof value["Message"] !== "string") return value;
  const message = readJsonText(value["Message"]);
  // What nests to the limit by itself would be one level deeper inside of the envelope.
  return message === undefined || heightOf(message) >= DEEPEST ? value : { ...value, Message: message };
}

const STEPS = {
  parse_json: (value) => createOpener(JSON_TEXT, MAX_ATTEMPTS).open(value),
  parse_sns: openSnsMessage,
} as const satisfies Record<Step, (value: Json) => Json>;

/** A payload after the preprocessing that rules ask for, in their order. */
export function preprocess(value: Json, steps: readonly { readonly type: Step }[]): Json {
  return steps.reduce((current, { type }) => STEPS[type](current), value);
}
