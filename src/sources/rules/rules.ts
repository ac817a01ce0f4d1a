import { Budget, UNITS_PER_MS } from "../../model/budget.ts";
import type { Json } from "../../model/json.ts";
import { ok } from "../../model/result.ts";
import { providerEventIdOf } from "../catch/sender.ts";
import type { Acted } from "./action.ts";
import { type CompiledRules, type RuleSets, compileRules } from "./compile.ts";
import { itemsOf, readRequest } from "./log.ts";
import { type GivenRules, rulesShape } from "./schema.ts";
import {
  type Interpretation,
  type Interpreter,
  type Source,
  type SourceContext,
  type SourceEvent,
  type SourceRequest,
} from "../source.ts";

/** The most events of one request. Each becomes a message, a row and a delivery. */
const MAX_EVENTS = 500;
/**
 * The work of filters and templates for one request. Rules run before the response, and nothing else in the isolate runs
 * meanwhile, so that even the largest body may not take longer.
 */
const MAX_WORK = 300 * UNITS_PER_MS;
/** The work of filters grows with the body: a small request must not cost as much as a large one. */
const FREE_FILTER_WORK = 800_000;
const FILTER_WORK_PER_BYTE = 2;
const MAX_FILTER_WORK = 3_000_000;

function providerIdOf(request: SourceRequest, data: Json): string | null {
  const snsId = request.headers["x-amz-sns-message-id"]?.trim() ?? "";
  return snsId === "" ? providerEventIdOf(request.headers, data) : snsId;
}

/** `whole` is for filters and templates together, and `filters` is the filters' part of it. */
type RuleBudget = { readonly whole: Budget; readonly filters: Budget };

function budgetFor({ body }: SourceRequest): RuleBudget {
  const whole = new Budget("rule work", MAX_WORK);
  const filterWork = FREE_FILTER_WORK + FILTER_WORK_PER_BYTE * body.byteLength;
  return { whole, filters: whole.part("filter work", Math.min(MAX_FILTER_WORK, filterWork)) };
}

/** Returns why the rest of a request is not interpreted; null if it is. */
function limitReached(events: number, { whole, filters }: RuleBudget): string | null {
  if (events > MAX_EVENTS) return `one request becomes at most ${MAX_EVENTS} events.`;
  if (filters.isExceeded) return "the rules would cost too much.";
  return whole.isExceeded ? "the templates would cost too much." : null;
}

/** Yields the units of work so far: after the choice of a rule, and after each of its actions. */
function* interpretInSteps(
  rules: CompiledRules,
  request: SourceRequest,
  context: SourceContext,
): Generator<number, Interpretation> {
  const reading = readRequest(request, rules.preprocess);
  if (!reading.ok) return reading;
  const { data, isBody } = reading.value;
  const { items, note } = itemsOf(request, reading.value, rules.each);
  const notes = [reading.value.note, note].filter((each) => each !== null);
  const budget = budgetFor(request);
  const provider_event_id = providerIdOf(request, data);
  const eventOf = ({ signal, test }: Acted, payload: Json): SourceEvent => {
    const kind = signal.action === "receive" ? "event" : "alert";
    const facts = test === true ? { kind: "test", test } : { kind };
    return { signal, ...facts, payload, payload_is_body: isBody && payload === data, provider_event_id };
  };
  const ignored = (why: string, payload: Json): SourceEvent =>
    eventOf({ signal: { action: "ignore", note: [...notes, why].join(" ") } }, payload);

  if (items.length === 0) return ok([ignored("There is nothing to act on.", data)]);
  const events: SourceEvent[] = [];
  for (const [index, item] of items.entries()) {
    const scope = { log: item.log };
    const { acts, isMatch } = rules.choose(scope, budget.filters);
    yield MAX_WORK - budget.whole.remaining;
    const made: SourceEvent[] = [];
    for (const act of acts) {
      const eventId = context.eventIdAt(events.length + made.length);
      const { integration } = context;
      made.push(eventOf(act({ scope, budget: budget.whole, notes: [...notes], integration, eventId }), item.data));
      yield MAX_WORK - budget.whole.remaining;
    }
    if (!isMatch && acts.length === 0) made.push(ignored("No rule matched.", item.data));
    const limit = limitReached(events.length + made.length, budget);
    if (limit !== null) {
      // Refusing the request would lose the earlier items too, and the sender could not send less.
      const rest = items.slice(index).map((left) => left.data);
      const which =
        items.length === 1 ? "This was not acted on" : `${rest.length} of ${items.length} items were not acted on`;
      events.push(ignored(`${which}: ${limit}`, items.length === 1 ? item.data : rest));
      break;
    }
    events.push(...made);
  }
  return ok(events);
}

const NO_SETS: RuleSets = new Map();

/** Returns the rule sets. They are loaded only for an integration that names one. */
async function ruleSetsFor({ rule_set }: GivenRules): Promise<RuleSets> {
  return typeof rule_set === "string" ? (await import("./sets/index.ts")).RULE_SETS : NO_SETS;
}

/** Returns the interpreter of rules. Throws if they cannot be compiled. */
export function prepareRules(given: GivenRules, ruleSets: RuleSets): Interpreter {
  const rules = compileRules(given, ruleSets);
  if (!rules.ok) throw new TypeError("the stored rules cannot be compiled");
  const inSteps = (request: SourceRequest, context: SourceContext): Generator<number, Interpretation> =>
    interpretInSteps(rules.value, request, context);
  const interpret = (request: SourceRequest, context: SourceContext): Interpretation => {
    const steps = inSteps(request, context);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };
  return Object.assign(interpret, { inSteps });
}

/** An integration's own rules or a ready-made rule set, in the manner of PagerTree's custom webhook. */
export const rules: Source = {
  methods: ["POST", "PUT", "GET"],
  get options() {
    return rulesShape();
  },
  async prepare(stored) {
    const given = rulesShape().parse(stored);
    return prepareRules(given, await ruleSetsFor(given));
  },
};
