import { type Filter, matches, parseFilter } from "../../filters/filter.ts";
import { Budget, BudgetExceeded } from "../../model/budget.ts";
import { type JsonObject, valueAt } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import type { SourceRequest } from "../source.ts";
import { type Reading, itemsOf, readRequest } from "./log.ts";
import { RULE_SETS } from "./sets/index.ts";
import type { RuleSet } from "./sets/rule-set.ts";

/** A rule set that a request may be for. `confidence` is at most 1. */
export type Candidate = { readonly name: string; readonly confidence: number };

/** The most items of a body that are tried: a list has items of one kind. */
const MAX_ITEMS = 3;
/** Bounds the filters of all rule sets over one request. */
const MAX_WORK = 3_000_000;
const MAX_PATTERN_INSTRUCTIONS = 20_000;
/** Below it, a rule set only happens to match. */
const MIN_CONFIDENCE = 0.3;
/** A request that a rule set recognizes is for it, however well others fit. */
const MAX_UNRECOGNIZED = 0.99;
/** A request with fewer members that the rules read could be from many senders. */
const ENOUGH_PATHS = 4;

const PATH = /\blog\.((?:data|headers|params|parent)(?:\.[\w-]+)+)/g;

type Steps = NonNullable<RuleSet["options"]["preprocess"]>;
type Rule = { readonly filter: Filter; readonly paths: readonly string[] };
type Prepared = {
  readonly ruleSet: RuleSet;
  readonly recognizes: Filter | null;
  readonly rules: readonly Rule[];
  /** The paths that any of the rules reads. */
  readonly all: readonly string[];
};

/** Returns the paths that rules read, without `log`. */
function pathsIn(value: unknown): readonly string[] {
  const found = [...JSON.stringify(value ?? null).matchAll(PATH)].map(([, path = ""]) => path);
  return [...new Set(found)];
}

function filterOf(match: JsonObject): Filter | null {
  const filter = parseFilter(match, new Budget("instructions of patterns", MAX_PATTERN_INSTRUCTIONS));
  return filter.ok ? filter.value : null;
}

function prepare(ruleSet: RuleSet): Prepared {
  const rules = ruleSet.options.rules.flatMap(({ match, actions }): readonly Rule[] => {
    const filter = filterOf(match);
    return filter === null ? [] : [{ filter, paths: pathsIn([match, actions]) }];
  });
  return {
    ruleSet,
    recognizes: ruleSet.recognized_by === undefined ? null : filterOf(ruleSet.recognized_by),
    rules,
    all: [...new Set(rules.flatMap(({ paths }) => paths))],
  };
}

const prepared = lazy((): readonly Prepared[] => [...RULE_SETS.values()].map(prepare));

function has(log: JsonObject, path: string): boolean {
  const value = valueAt(log, path);
  return value !== undefined && value !== null && value !== "";
}

/** Returns how many of some paths a request has. */
function countIn(log: JsonObject, paths: readonly string[]): number {
  return paths.filter((path) => has(log, path)).length;
}

/**
 * Returns how well a rule set fits a request that one of its rules matches: the largest share of the members that one rule reads. A
 * resolve has the members of a create although its own rule reads few. A request with few known members says little.
 */
function fitOf({ rules, all }: Prepared, log: JsonObject): number {
  const shares = rules.map(({ paths }) => (paths.length === 0 ? 0 : countIn(log, paths) / paths.length));
  const present = countIn(log, all);
  return Math.max(0, ...shares) * Math.min(1, present / ENOUGH_PATHS) + present / 1_000;
}

type Reader = (steps: Steps) => Reading | null;

/** Returns a function that reads a request once for each list of steps: most rule sets have none. */
function readerOf(request: SourceRequest): Reader {
  const known = new Map<string, Reading | null>();
  return (steps) => {
    const name = steps.map(({ type }) => type).join();
    const reading = known.get(name);
    if (reading !== undefined) return reading;
    const read = readRequest(request, steps);
    known.set(name, read.ok ? read.value : null);
    return read.ok ? read.value : null;
  };
}

function confidenceOf(candidate: Prepared, request: SourceRequest, readAfter: Reader, budget: Budget): number {
  const { ruleSet, recognizes, rules } = candidate;
  const { preprocess = [], each = null } = ruleSet.options;
  const reading = readAfter(preprocess);
  if (reading === null) return 0;
  const { items } = itemsOf(request, reading, each);
  const fits = items.slice(0, MAX_ITEMS).map(({ log }) => {
    const document = { log };
    if (recognizes !== null && matches(recognizes, document, budget)) return 1;
    const fits = rules.some(({ filter }) => matches(filter, document, budget));
    return fits ? Math.min(MAX_UNRECOGNIZED, fitOf(candidate, log)) : 0;
  });
  return Math.min(1, Math.max(0, ...fits));
}

/** Returns the rule sets that a request may be for, the likeliest first. */
export function detectRuleSets(request: SourceRequest): readonly Candidate[] {
  const budget = new Budget("work", MAX_WORK);
  const readAfter = readerOf(request);
  const candidates: Candidate[] = [];
  for (const each of prepared()) {
    try {
      const confidence = confidenceOf(each, request, readAfter, budget);
      if (confidence >= MIN_CONFIDENCE) candidates.push({ name: each.ruleSet.name, confidence });
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
      break;
    }
  }
  return candidates.toSorted((a, b) => b.confidence - a.confidence);
}
