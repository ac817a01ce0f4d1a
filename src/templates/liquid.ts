import { type Context, Liquid, type Template as LiquidNode, defaultOperators } from "liquidjs";
import type { JsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { BoundedContext, meterOf } from "./context.ts";
import { listFilters } from "./list-filters.ts";
import { type Work, createMeter } from "./meter.ts";
import { boundRanges } from "./ranges.ts";
import { plain, searchCost, toText } from "./text.ts";
import { textFilters } from "./text-filters.ts";

const MOST_TEMPLATE_CHARACTERS = 64 * 1024;
const MOST_WORK = 2_000_000;
const LONGEST_FAULT = 300;

const TAGS: ReadonlySet<string> = new Set([
  "assign",
  "break",
  "capture",
  "case",
  "comment",
  "continue",
  "echo",
  "for",
  "if",
  "liquid",
  "raw",
  "unless",
  "#",
]);

function contains(left: unknown, right: unknown, context: Context): boolean {
  const meter = meterOf(context);
  const [within, sought] = [plain(left), plain(right)];
  if (Array.isArray(within)) {
    meter.spend(within.length);
    return within.includes(sought);
  }
  if (typeof within === "string") {
    const text = toText(sought, meter);
    meter.spend(searchCost(within, text));
    return within.includes(text);
  }
  return typeof within === "object" && within !== null && Object.hasOwn(within, toText(sought, meter));
}

function createEngine(): Liquid {
  boundRanges();
  const engine = new Liquid({
    templates: {}, // in place of a file system
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    parseLimit: MOST_TEMPLATE_CHARACTERS,
    locale: "en-US",
    timezoneOffset: 0,
    operators: { ...defaultOperators, contains },
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) engine.unregisterFilter(name);
  for (const [name, filter] of textFilters()) engine.registerFilter(name, filter);
  for (const [name, filter] of listFilters()) engine.registerFilter(name, filter);
  const { renderer } = engine;
  const render = renderer.renderTemplates.bind(renderer);
  // `capture` names no emitter and would write to one without bounds.
  renderer.renderTemplates = (nodes, context, emitter) =>
    render(nodes, context, emitter ?? (context instanceof BoundedContext ? context.createEmitter() : undefined));
  return engine;
}

const engine = createEngine();

class ParsedTemplate {
  readonly #nodes: readonly LiquidNode[];

  constructor(nodes: readonly LiquidNode[]) {
    this.#nodes = nodes;
  }

  static nodesOf(template: ParsedTemplate): LiquidNode[] {
    return [...template.#nodes];
  }
}

/** A template that has been read; `parseTemplate` makes it and `renderTemplate` takes it. */
export type Template = ParsedTemplate;

function faultOf(error: unknown): string {
  if (error instanceof RangeError) return "its parts are nested too deep.";
  return (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_FAULT).toWellFormed();
}

/** Reads a Liquid template; the error says what is wrong with it, for its author. */
export function parseTemplate(text: string): Result<Template, string> {
  if (text.length > MOST_TEMPLATE_CHARACTERS) {
    return fail(`is a template of more than ${MOST_TEMPLATE_CHARACTERS} characters`);
  }
  try {
    return ok(new ParsedTemplate(engine.parse(text)));
  } catch (error) {
    return fail(`is not a template that can be read: ${faultOf(error)}`);
  }
}

/**
 * Fills a template in. It is at most 256 KB of text and costs at most `MOST_WORK`, and no more than is left of `work`,
 * which several renderings can share. What is not in the scope is empty. The same scope gives the same text.
 */
export function renderTemplate(
  template: Template,
  scope: JsonObject,
  work: Work = { left: Infinity },
): Result<string, string> {
  const meter = createMeter(MOST_WORK, work);
  try {
    const text: unknown = engine.renderSync(ParsedTemplate.nodesOf(template), new BoundedContext(scope, engine, meter));
    return ok(toText(text, meter));
  } catch (error) {
    return fail(`The template cannot be filled in: ${meter.refusal() ?? faultOf(error)}`);
  }
}
