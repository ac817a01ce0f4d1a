import type { RuleAction, RuleSet } from "./sets/rule-set.ts";
import { RULE_SETS } from "./sets/index.ts";

/** What a rule set can do beside opening alerts. `severity`: the urgency follows what the product says. */
export const CAPABILITIES = ["resolve", "acknowledge", "severity", "test"] as const;
export type Capability = (typeof CAPABILITIES)[number];

type RuleSetSummary = Pick<RuleSet, "name" | "title" | "category" | "options"> & {
  readonly logo: string;
  readonly capabilities: readonly Capability[];
  /** What its rules can do to an alert. */
  readonly actions: readonly RuleAction["type"][];
  readonly vendor_url: string | null;
  /** A path in the repository. */
  readonly docs: string | null;
};

function actionsOf({ rules, default: last }: RuleSet["options"]): readonly RuleAction[] {
  return [...rules, ...(last === undefined ? [] : [last])].flatMap(({ actions }) => actions);
}

/** Returns whether requests of the product lead to more than one urgency. */
function hasSeverity(actions: readonly RuleAction[]): boolean {
  const urgencies = actions.flatMap((action) => (action.type === "create" ? [String(action.urgency ?? "")] : []));
  return urgencies.some((urgency) => urgency.includes("{")) || new Set(urgencies).size > 1;
}

function capabilitiesOf(actions: readonly RuleAction[]): readonly Capability[] {
  return CAPABILITIES.filter((capability) =>
    capability === "severity" ? hasSeverity(actions) : actions.some(({ type }) => type === capability),
  );
}

function summaryOf({ name, title, category, logo, vendor_url, docs, options }: RuleSet): RuleSetSummary {
  const actions = actionsOf(options);
  return {
    name,
    title,
    category,
    logo: logo ?? name,
    capabilities: capabilitiesOf(actions),
    actions: [...new Set(actions.map(({ type }) => type))].toSorted(),
    vendor_url: vendor_url ?? null,
    docs: docs ?? null,
    options,
  };
}

const SUMMARIES: readonly RuleSetSummary[] = [...RULE_SETS.values()].map(summaryOf);

/** Returns the rule sets as the API shows them. */
export function ruleSetSummaries(): readonly RuleSetSummary[] {
  return SUMMARIES;
}

/** Returns a text without case, spaces and punctuation, because people write `New Relic` and `new-relic`. */
function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** How well a rule set fits a text: the lower the better; null if it does not fit. */
function rankOf({ name, title, category, capabilities }: RuleSetSummary, text: string): number | null {
  const whole = bare(text);
  const names = [bare(name), bare(title)];
  if (names.includes(whole)) return 0;
  if (names.some((each) => each.startsWith(whole))) return 1;
  if (names.some((each) => each.includes(whole))) return 2;
  const facts = [...names, category, ...capabilities];
  const words = text
    .split(/\s+/)
    .map(bare)
    .filter((word) => word !== "");
  return words.every((word) => facts.some((fact) => fact.includes(word))) ? 3 : null;
}

/** Returns the rule sets of a category whose name, title, category or capabilities fit a text, the best first. */
export function searchRuleSets(text: string, category: RuleSet["category"] | null): readonly RuleSetSummary[] {
  return SUMMARIES.filter((summary) => category === null || summary.category === category)
    .map((summary) => ({ summary, rank: rankOf(summary, text) }))
    .filter(({ rank }) => rank !== null)
    .toSorted((a, b) => Number(a.rank) - Number(b.rank))
    .map(({ summary }) => summary);
}
