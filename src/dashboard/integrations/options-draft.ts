import type { Integration, IntegrationChange, RulesOptions } from "../../client/index.ts";
import { URGENCIES } from "../../model/alert.ts";
import { type Json, isJsonObject } from "../../model/json.ts";
import { parseJson, writeJson } from "../../model/portable-json.ts";
import { readJson } from "../routes/filter/json-lines.ts";

export const URGENCY_CHOICES = ["none", ...URGENCIES] as const;

/** The options of all types as their fields hold them. A type has some of them. */
export type OptionsDraft = {
  readonly expect_every_minutes: string;
  readonly title_template: string;
  readonly description_template: string;
  readonly wrapper_key: string;
  readonly default_urgency: (typeof URGENCY_CHOICES)[number];
  readonly capture_additional_data: boolean;
  readonly child_key: string;
  readonly fan_out: boolean;
  readonly raw: boolean;
  /** The name of a ready-made rule set; empty for rules of one's own. */
  readonly rule_set: string;
  /** Rules of one's own, as JSON. */
  readonly rules: string;
};

const RULE_PARTS = ["rules", "default", "preprocess", "each"] as const;
const NO_RULES = { rules: null, default: null, preprocess: null, each: null } as const;
const FIRST_RULES = { rules: [], default: { actions: [{ type: "ignore", reason: "no rule takes it" }] } };

/** Returns the options of an integration as the form shows them. */
export function optionsDraftOf({ options }: Pick<Integration, "options">): OptionsDraft {
  const values = new Map<string, Json | undefined>(Object.entries(options));
  const text = (name: string): string => {
    const value = values.get(name);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const parts = RULE_PARTS.flatMap((name) => {
    const value = values.get(name);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return {
    expect_every_minutes: text("expect_every_minutes"),
    title_template: text("title_template"),
    description_template: text("description_template"),
    wrapper_key: text("wrapper_key"),
    default_urgency: URGENCY_CHOICES.find((urgency) => urgency === values.get("default_urgency")) ?? "none",
    capture_additional_data: values.get("capture_additional_data") === true,
    child_key: text("child_key"),
    fan_out: values.get("fan_out") !== false,
    raw: values.get("raw") === true,
    rule_set: text("rule_set"),
    rules: writeJson(parts.length === 0 ? FIRST_RULES : Object.fromEntries(parts), 2),
  };
}

function orNull(text: string): string | null {
  return text.trim() === "" ? null : text;
}

function rulesOf(text: string): RulesOptions {
  return parseJson<RulesOptions>(text);
}

/** Returns the options of a type as the API accepts them. */
export function optionsInputOf(type: string, draft: OptionsDraft): NonNullable<IntegrationChange["options"]> {
  const { capture_additional_data, fan_out, raw, default_urgency, rule_set } = draft;
  const expect = orNull(draft.expect_every_minutes);
  const expect_every_minutes = expect === null ? null : Number(expect);
  const templates = {
    title_template: orNull(draft.title_template),
    description_template: orNull(draft.description_template),
  };
  switch (type) {
    case "pagertree":
      return {
        ...templates,
        wrapper_key: orNull(draft.wrapper_key),
        default_urgency: default_urgency === "none" ? null : default_urgency,
        capture_additional_data,
        expect_every_minutes,
      };
    case "catch":
      return { child_key: orNull(draft.child_key), fan_out, raw, expect_every_minutes };
    case "rules":
      return rule_set === ""
        ? { rule_set: null, ...NO_RULES, ...rulesOf(draft.rules), expect_every_minutes }
        : { rule_set, ...NO_RULES, expect_every_minutes };
    default:
      return { ...templates, expect_every_minutes };
  }
}

/** What cannot be sent, because a text of the form is not what the API takes. */
export function optionErrors(type: string, draft: OptionsDraft): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  if (Number.isNaN(Number(draft.expect_every_minutes))) {
    errors.set("options.expect_every_minutes", "must be a number");
  }
  if (type === "rules" && draft.rule_set === "") {
    const read = readJson(draft.rules);
    if (!read.ok) errors.set("options", `line ${read.line}: ${read.message}`);
    else if (!isJsonObject(read.value)) errors.set("options", "must be an object with rules");
  }
  return errors;
}
