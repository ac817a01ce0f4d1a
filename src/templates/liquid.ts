import type { Liquid, Template as LiquidNode } from "liquidjs";
import { UNITS_PER_MS, UNSHARED, type BudgetSource } from "../model/budget.ts";
import type { JsonObject } from "../model/json.ts";
import { lazy } from "../model/lazy.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { BoundedContext } from "./context.ts";
import { createEngine, parseNodes, renderNodesNow } from "./engine.ts";
import { TOO_COSTLY, createMeter } from "./meter.ts";
import type { OutputFormat } from "./output-format.ts";
import { toText } from "./text.ts";

const MAX_TEMPLATE_CHARACTERS = 64 * 1024;
/** A rendering cannot be interrupted: nothing else in the isolate runs meanwhile. */
const MAX_WORK = 100 * UNITS_PER_MS;
const MAX_FAULT = 300;
const CANNOT_RENDER = "The template cannot be filled in: ";
/** The error of a template that costs more than a rendering may. It would cost as much again. */
export const TOO_COSTLY_ERROR = `${CANNOT_RENDER}${TOO_COSTLY}`;

const plainEngine = lazy(() => createEngine(MAX_TEMPLATE_CHARACTERS));
const engines = new Map<OutputFormat, Liquid>();

function engineOf(format: OutputFormat | null): Liquid {
  if (format === null) return plainEngine();
  const engine = engines.get(format) ?? createEngine(MAX_TEMPLATE_CHARACTERS, format);
  engines.set(format, engine);
  return engine;
}

class ParsedTemplate {
  readonly #nodes: readonly LiquidNode[];

  readonly #engine: Liquid;

  constructor(nodes: readonly LiquidNode[], engine: Liquid) {
    this.#nodes = nodes;
    this.#engine = engine;
  }

  static engineOf(template: ParsedTemplate): Liquid {
    return template.#engine;
  }

  static nodesOf(template: ParsedTemplate): LiquidNode[] {
    return [...template.#nodes];
  }
}

/** A parsed template. Get one from `parseTemplate` and pass it to `renderTemplate`. */
export type Template = ParsedTemplate;

function faultOf(error: unknown): string {
  if (error instanceof RangeError) return "its parts are nested too deep.";
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_FAULT).toWellFormed();
}

/** Parses a Liquid template, whose values are escaped for `format`. The error tells its author what to correct. */
export function parseTemplate(text: string, format: OutputFormat | null = null): Result<Template, string> {
  if (text.length > MAX_TEMPLATE_CHARACTERS) {
    return fail(`is a template of more than ${MAX_TEMPLATE_CHARACTERS} characters`);
  }
  try {
    const engine = engineOf(format);
    return ok(new ParsedTemplate(parseNodes(engine, text), engine));
  } catch (error) {
    return fail(`is not a template that can be read: ${faultOf(error)}`);
  }
}

/**
 * Renders a template. The text has at most 256 KB and costs at most `MAX_WORK`, which is also taken from `shared`, the
 * source of budgets of several renderings. A name that is not in the scope is empty. The same scope always gives the same text.
 */
export function renderTemplate(
  template: Template,
  scope: JsonObject,
  shared: BudgetSource = UNSHARED,
): Result<string, string> {
  const budget = shared.part("template work", MAX_WORK);
  const meter = createMeter(budget);
  try {
    const context = new BoundedContext(scope, ParsedTemplate.engineOf(template), meter);
    const text = renderNodesNow(ParsedTemplate.nodesOf(template), context);
    return ok(toText(text, meter));
  } catch (error) {
    // Nothing is left for the other renderings, so that their budget is exceeded too.
    if (budget.isExceeded && shared.remaining === 0) shared.charge(1);
    return fail(`${CANNOT_RENDER}${meter.refusal() ?? faultOf(error)}`);
  }
}
