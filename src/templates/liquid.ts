import type { Template as LiquidNode } from "liquidjs";
import type { JsonObject } from "../model/json.ts";
import { lazy } from "../model/lazy.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { BoundedContext } from "./context.ts";
import { createEngine, parseNodes, renderNodesNow } from "./engine.ts";
import { type Work, createMeter } from "./meter.ts";
import { toText } from "./text.ts";

const MAX_TEMPLATE_CHARACTERS = 64 * 1024;
const MAX_WORK = 2_000_000;
const MAX_FAULT = 300;

const engineOf = lazy(() => createEngine(MAX_TEMPLATE_CHARACTERS));

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
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_FAULT).toWellFormed();
}

/** Reads a Liquid template; the error says what is wrong with it, for its author. */
export function parseTemplate(text: string): Result<Template, string> {
  if (text.length > MAX_TEMPLATE_CHARACTERS) {
    return fail(`is a template of more than ${MAX_TEMPLATE_CHARACTERS} characters`);
  }
  try {
    return ok(new ParsedTemplate(parseNodes(engineOf(), text)));
  } catch (error) {
    return fail(`is not a template that can be read: ${faultOf(error)}`);
  }
}

/**
 * Fills a template in. It is at most 256 KB of text and costs at most `MAX_WORK`, and no more than is left of `work`,
 * which several renderings can share. What is not in the scope is empty. The same scope gives the same text.
 */
export function renderTemplate(
  template: Template,
  scope: JsonObject,
  work: Work = { left: Infinity },
): Result<string, string> {
  const meter = createMeter(MAX_WORK, work);
  try {
    const context = new BoundedContext(scope, engineOf(), meter);
    const text = renderNodesNow(ParsedTemplate.nodesOf(template), context);
    return ok(toText(text, meter));
  } catch (error) {
    return fail(`The template cannot be filled in: ${meter.refusal() ?? faultOf(error)}`);
  }
}
