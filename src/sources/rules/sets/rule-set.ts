import type { DATUM_FORMATS } from "../../../model/alert.ts";
import type { Json, JsonObject } from "../../../model/json.ts";

/** A Liquid template, or a literal number or boolean. */
export type TemplateValue = string | number | boolean;

/** What to do with a request or an item of its body. */
export type RuleAction =
  | {
      readonly type: "create";
      readonly thirdparty_id?: TemplateValue;
      readonly title: TemplateValue;
      readonly description?: TemplateValue;
      readonly urgency?: TemplateValue;
      /** A list, or a text with commas between the tags. */
      readonly tags?: string | readonly TemplateValue[];
      /** Every text in it is a template. */
      readonly meta?: JsonObject;
      readonly additional_data?: readonly {
        readonly format?: (typeof DATUM_FORMATS)[number];
        readonly label: TemplateValue;
        readonly value: Json;
      }[];
      readonly dedup_keys?: TemplateValue | readonly TemplateValue[];
      readonly incident?: TemplateValue;
      readonly incident_severity?: TemplateValue;
      readonly incident_message?: TemplateValue;
    }
  | {
      readonly type: "acknowledge" | "resolve";
      readonly thirdparty_id?: TemplateValue;
      readonly dedup_keys?: TemplateValue | readonly TemplateValue[];
    }
  | { readonly type: "ignore"; readonly reason?: TemplateValue }
  /** Delivers the request as an event that concerns no alert. */
  | { readonly type: "receive"; readonly reason?: TemplateValue }
  /** Delivers the request as a test, which opens no alert. */
  | { readonly type: "test"; readonly reason?: TemplateValue };

export const PREPROCESSORS = ["parse_json", "parse_sns", "unwrap_data", "unwrap_event", "wrap_alarm"] as const;

/** Rules as the options of a `rules` integration hold them. */
export type RuleSetOptions = {
  readonly rules: readonly { readonly match: JsonObject; readonly actions: readonly RuleAction[] }[];
  readonly default?: { readonly actions: readonly RuleAction[] };
  readonly preprocess?: readonly { readonly type: (typeof PREPROCESSORS)[number] }[];
  /** A dotted path to a list. Each of its items is an event. */
  readonly each?: string;
};

/** `incidents` includes status pages; `code` includes the trackers of issues. */
export const RULE_SET_CATEGORIES = [
  "monitoring",
  "infrastructure",
  "logs",
  "cloud",
  "uptime",
  "jobs",
  "errors",
  "incidents",
  "code",
  "deployment",
  "security",
  "support",
  "commerce",
] as const;
export type RuleSetCategory = (typeof RULE_SET_CATEGORIES)[number];

/** Ready-made rules for a product. */
export type RuleSet = {
  readonly name: string;
  readonly title: string;
  readonly category: RuleSetCategory;
  /** The name of the product's logo in Simple Icons, if it is not the name of the rule set. */
  readonly logo?: string;
  /**
   * A filter over `log` that holds for what this product sends and for nothing else, such as a header of its own. Detection prefers
   * it. Needed only if another product's requests have the same fields.
   */
  readonly recognized_by?: JsonObject;
  /** The path of the page in this repository that describes the set-up. */
  readonly docs?: string;
  readonly vendor_url?: string;
  readonly options: RuleSetOptions;
};
