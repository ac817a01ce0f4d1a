import { type Json, isJsonObject } from "../model/json.ts";
import type { RuleSetOptions } from "../rule-sets/rule-set.ts";
import { parseJson } from "./json-text.ts";

type Step = NonNullable<RuleSetOptions["preprocess"]>[number]["type"];

/** How deep maps and lists may nest in the end, as in a JSON body. */
const DEEPEST = 100;
/** Texts inside of texts inside of texts. */
const MOST_LEVELS = 5;
const MOST_ATTEMPTS = 5_000;

function heightOf(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let highest = 0;
  for (const member of Object.values(value)) highest = Math.max(highest, heightOf(member));
  return highest + 1;
}

/** The map or list that a text is in JSON; undefined where it is none. */
export function readJsonText(text: string): Json | undefined {
  const trimmed = text.trim();
  const ends = `${trimmed.charAt(0)}${trimmed.at(-1) ?? ""}`;
  if (ends !== "{}" && ends !== "[]") return undefined;
  const parsed = parseJson(trimmed);
  return parsed.ok ? parsed.value : undefined;
}

/** The value with the JSON inside its texts opened; the same object where there was none. */
function openTexts(whole: Json): Json {
  let attempts = MOST_ATTEMPTS;

  function openText(text: string, depth: number, level: number): Json {
    if (level === MOST_LEVELS || attempts === 0 || !/^\s*[[{]/.test(text)) return text;
    attempts -= 1;
    const opened = readJsonText(text);
    if (opened === undefined || depth + heightOf(opened) > DEEPEST) return text;
    return open(opened, depth, level + 1);
  }

  function open(value: Json, depth: number, level: number): Json {
    if (typeof value === "string") return openText(value, depth, level);
    if (typeof value !== "object" || value === null) return value;
    if (!isJsonObject(value)) {
      const items = value.map((item) => open(item, depth + 1, level));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const members = Object.entries(value);
    const opened = members.map(([name, member]): [string, Json] => [name, open(member, depth + 1, level)]);
    const isChanged = opened.some(([, member], index) => member !== members[index]?.[1]);
    return isChanged ? Object.fromEntries(opened) : value;
  }

  return open(whole, 0, 0);
}

/** An SNS message with the JSON of its `Message` opened: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function openSnsMessage(value: Json): Json {
  if (!isJsonObject(value) || typeof value["Type"] !== "string" || typeof value["Message"] !== "string") return value;
  const message = readJsonText(value["Message"]);
  // What nests to the limit by itself would be one level deeper inside of the envelope.
  return message === undefined || heightOf(message) >= DEEPEST ? value : { ...value, Message: message };
}

const STEPS = { parse_json: openTexts, parse_sns: openSnsMessage } as const satisfies Record<
  Step,
  (value: Json) => Json
>;

/** A payload after the preprocessing that rules ask for, in their order. */
export function preprocess(value: Json, steps: readonly { readonly type: Step }[]): Json {
  return steps.reduce((current, { type }) => STEPS[type](current), value);
}
