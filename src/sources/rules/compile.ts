import { type Filter, matches, parseFilter } from "../../filters/filter.ts";
import { Budget } from "../../model/budget.ts";
import type { JsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { RuleAction, RuleSet, RuleSetOptions } from "./sets/rule-set.ts";
import { type Act, compileAction } from "./action.ts";
import type { GivenRules } from "./schema.ts";

/** The maximum size of the patterns of all rules together, in instructions of the matcher. */
const MAX_PATTERN_INSTRUCTIONS = 20_000;

/** The ready-made rule sets by their names. */
export type RuleSets = ReadonlyMap<string, RuleSet>;

type Chosen = { readonly acts: readonly Act[]; readonly isMatch: boolean };

/** Compiled rules. */
export type CompiledRules = {
  readonly preprocess: NonNullable<RuleSetOptions["preprocess"]>;
  readonly each: string | null;
  /** Returns the actions of the first rule that matches, or else the default actions. */
  readonly choose: (document: JsonObject, budget: Budget) => Chosen;
};

function definitionOf(given: GivenRules, ruleSets: RuleSets): Result<RuleSetOptions, FieldError> {
  const { rule_set: name = null, rules = null, preprocess, each } = given;
  const own = { rules, default: given.default, preprocess, each };
  if (name !== null) {
    const [beside] = Object.entries(own).find(([, value]) => value !== null && value !== undefined) ?? [];
    if (beside !== undefined) return fail({ path: beside, message: "cannot be combined with rule_set" });
    const known = ruleSets.get(name);
    if (known !== undefined) return ok(known.options);
    return fail({
      path: "rule_set",
      message: `is not a rule set. The rule sets are ${[...ruleSets.keys()].join(", ")}`,
    });
  }
  if (rules === null) return fail({ path: "rules", message: "is required, or else rule_set" });
  if (rules.length === 0 && !given.default) {
    return fail({ path: "rules", message: "must contain a rule, unless there is a default" });
  }
  return ok({
    rules,
    ...(given.default ? { default: given.default } : {}),
    ...(preprocess ? { preprocess } : {}),
    ...(each === undefined || each === null ? {} : { each }),
  });
}

function compileActions(actions: readonly RuleAction[], at: string, errors: FieldError[]): Act[] {
  return actions.map((action, index) => compileAction(action, `${at}.actions[${index}]`, errors));
}

/** Compiles the rules that options contain or name. The errors have paths such as `rules[2].actions[0].title`. */
export function compileRules(given: GivenRules, ruleSets: RuleSets): Result<CompiledRules, readonly FieldError[]> {
  const definition = definitionOf(given, ruleSets);
  if (!definition.ok) return fail([definition.error]);
  const errors: FieldError[] = [];
  const patterns = new Budget("instructions of patterns", MAX_PATTERN_INSTRUCTIONS);
  const rules: { readonly filter: Filter; readonly acts: readonly Act[] }[] = [];
  for (const [index, rule] of definition.value.rules.entries()) {
    const at = `rules[${index}]`;
    const filter = parseFilter(rule.match, patterns);
    const acts = compileActions(rule.actions, at, errors);
    if (filter.ok) rules.push({ filter: filter.value, acts });
    else
      errors.push(...filter.error.map(({ path, message }) => ({ path: `${at}.match${path && `.${path}`}`, message })));
  }
  const otherwise = compileActions(definition.value.default?.actions ?? [], "default", errors);
  if (errors.length > 0) return fail(errors);
  const choose = (document: JsonObject, budget: Budget): Chosen => {
    const rule = rules.find(({ filter }) => matches(filter, document, budget));
    return rule === undefined ? { acts: otherwise, isMatch: false } : { acts: rule.acts, isMatch: true };
  };
  return ok({ preprocess: definition.value.preprocess ?? [], each: definition.value.each ?? null, choose });
}
