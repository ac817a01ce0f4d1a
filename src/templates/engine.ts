import {
  AssignTag,
  BreakTag,
  CaptureTag,
  CaseTag,
  CommentTag,
  type Context,
  ContinueTag,
  EchoTag,
  type Emitter,
  ForTag,
  IfTag,
  InlineCommentTag,
  type Liquid,
  LiquidError,
  LiquidTag,
  type Template as LiquidNode,
  Parser,
  RawTag,
  RenderError,
  UnlessTag,
  defaultOperators,
  defaultOptions,
  toValueSync,
} from "liquidjs";
import { BoundedContext, meterOf } from "./context.ts";
import { listFilters } from "./list-filters.ts";
import type { OutputFormat } from "./output-format.ts";
import { boundRanges } from "./ranges.ts";
import { plain, searchCost, toText } from "./text.ts";
import { type Handler, textFilters } from "./text-filters.ts";

const TAGS = {
  assign: AssignTag,
  break: BreakTag,
  capture: CaptureTag,
  case: CaseTag,
  comment: CommentTag,
  continue: ContinueTag,
  echo: EchoTag,
  for: ForTag,
  if: IfTag,
  liquid: LiquidTag,
  raw: RawTag,
  unless: UnlessTag,
  "#": InlineCommentTag,
} as const;

const NO_FILES = {
  exists: () => Promise.resolve(false),
  existsSync: () => false,
  readFile: () => Promise.reject(new Error("a template has no files")),
  readFileSync: () => {
    throw new Error("a template has no files");
  },
  resolve: (_folder: string, file: string) => file,
} as const;

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

// The tag `capture` passes no emitter. LiquidJS's default one has no limit.
function emitterOf(context: Context): Emitter {
  if (context instanceof BoundedContext) return context.createEmitter();
  throw new TypeError("a template is rendered without a meter");
}

/**
 * Renders the nodes of a template or of a block in it; LiquidJS calls this. It yields values that can be promises in
 * other engines.
 */
function* renderNodes(
  nodes: readonly LiquidNode[],
  context: Context,
  emitter: Emitter = emitterOf(context),
): IterableIterator<unknown> {
  context.renderLimit.check(0);
  for (const node of nodes) {
    context.renderLimit.check(0);
    try {
      const text: unknown = yield node.render(context, emitter);
      if (text) emitter.write(text);
    } catch (error) {
      if (LiquidError.is(error) || !(error instanceof Error)) throw error;
      throw new RenderError(error, node);
    }
    if (context.breakCalled || context.continueCalled) break;
  }
  return emitter.buffer;
}

const COST_OF_FILTER = 60;

/** Returns a filter that pays for being called. What it does with its values is paid for by itself. */
function paidFor([name, filter]: readonly [string, Handler]): [string, Handler] {
  return [
    name,
    function runPaid(value: unknown, ...args: unknown[]): unknown {
      meterOf(this.context).spend(COST_OF_FILTER);
      return filter.call(this, value, ...args);
    },
  ];
}

/** Returns the filter that LiquidJS adds to each value that a template writes. */
function escapeWith({ escape }: OutputFormat) {
  return function escapeOutput(this: { readonly context: Context }, value: unknown): string {
    const meter = meterOf(this.context);
    const text = toText(value, meter).toWellFormed();
    meter.spend(text.length);
    return escape(text);
  };
}

/**
 * Returns an engine that is assembled from parts of LiquidJS, with the tags and filters that templates may use. The class
 * `Liquid` would add all other tags and filters, and much else, to the bundle.
 */
export function createEngine(parseLimit: number, format: OutputFormat | null = null): Liquid {
  boundRanges();
  const own: Liquid["filters"] = Object.fromEntries([...textFilters(), ...listFilters()].map(paidFor));
  const finished = [...(format?.is_strict === true ? [] : ["raw"]), ...(format?.finished ?? [])];
  const options: Liquid["options"] = {
    ...defaultOptions,
    fs: NO_FILES,
    relativeReference: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    parseLimit,
    locale: "en-US",
    timezoneOffset: 0,
    operators: { ...defaultOperators, contains },
    ...(format === null ? {} : { outputEscape: escapeWith(format) }),
  };
  const filters = Object.fromEntries(
    Object.entries(own).map(([name, filter]) => [
      name,
      finished.includes(name) && typeof filter === "function" ? { handler: filter, raw: true } : filter,
    ]),
  );
  const engine: Liquid = Object.assign(Object.create(null), {
    options,
    tags: Object.assign(Object.create(null), TAGS),
    filters: Object.assign(Object.create(null), filters),
    renderer: { renderTemplates: renderNodes },
  });
  return engine;
}

/** Parses a template. Throws if it is invalid. */
export function parseNodes(engine: Liquid, text: string): LiquidNode[] {
  return new Parser(engine).parse(text);
}

/** Renders a parsed template. Throws if that fails or is refused. */
export function renderNodesNow(nodes: readonly LiquidNode[], context: BoundedContext): unknown {
  return toValueSync(renderNodes(nodes, context));
}
