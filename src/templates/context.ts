import { Context, Drop, type Emitter, type Liquid, type Scope } from "liquidjs";
import type { JsonObject } from "../model/json.ts";
import type { Meter } from "./meter.ts";
import { toText } from "./text.ts";

const MAX_OUTPUT_CHARACTERS = 256 * 1024;
// In units of model/budget.ts, as measured. To find a value takes longer than most that is done with it.
const COST_OF_NODE = 20;
const COST_OF_READ = 60;
const COST_OF_STEP = 15;
const COST_OF_ITEM = 4;

const LOOP_FIELDS: ReadonlySet<unknown> = new Set(["index", "index0", "rindex", "rindex0", "first", "last", "length"]);

class BoundedEmitter implements Emitter {
  buffer = "";
  readonly #meter: Meter;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  write(value: unknown): void {
    const text = toText(value, this.#meter);
    if (this.buffer.length + text.length > MAX_OUTPUT_CHARACTERS) {
      this.#meter.refuse(`its output would have more than ${MAX_OUTPUT_CHARACTERS} characters.`);
    }
    this.buffer += text;
  }
}

/** A rendering that pays for every node, read and character, and that reads own properties only. */
export class BoundedContext extends Context {
  readonly meter: Meter;
  readonly #weights = new WeakMap<object, number>();

  constructor(scope: JsonObject, liquid: Liquid, meter: Meter) {
    super(scope, liquid.options, { sync: true }, { liquid });
    this.meter = meter;
    // LiquidJS calls `use` before it allocates, and `check` before it renders a node.
    this.memoryLimit.use = (count) => meter.spend(count);
    this.renderLimit.check = () => meter.spend(COST_OF_NODE);
  }

  createEmitter(): Emitter {
    return new BoundedEmitter(this.meter);
  }

  override *_getFromScope(
    scope: unknown,
    path: (string | number | Drop)[] | string,
    strict?: boolean,
  ): IterableIterator<unknown> {
    this.meter.spend(COST_OF_READ + (typeof path === "string" ? path.length : COST_OF_STEP * path.length));
    // oxlint-disable-next-line no-underscore-dangle -- LiquidJS's name for the method that every read of a path goes through
    const value: unknown = yield* super._getFromScope(scope, path, strict);
    this.meter.spend(this.#weigh(value));
    return value;
  }

  override readProperty(of: Scope, key: string | number | Drop): unknown {
    if (typeof key !== "string" && typeof key !== "number") return undefined;
    if (of instanceof Drop && !LOOP_FIELDS.has(key)) return undefined;
    if (key === "size") this.meter.spend(this.#weigh(of));
    return super.readProperty(of, key);
  }

  /** Returns the cost of comparing, iterating or searching a value once. The operators themselves do not pay. */
  #weigh(value: unknown): number {
    if (typeof value === "string") return value.length >> 6;
    if (typeof value !== "object" || value === null) return 0;
    const known = this.#weights.get(value);
    if (known !== undefined) return known;
    const weight = Array.isArray(value) ? this.#weighList(value) : Object.keys(value).length;
    this.#weights.set(value, weight);
    return weight;
  }

  #weighList(list: readonly unknown[]): number {
    let weight = list.length * COST_OF_ITEM;
    for (const item of list) {
      if (typeof item === "string" || Array.isArray(item)) weight += this.#weigh(item);
    }
    return weight;
  }
}

/** Returns the meter of a rendering, for filters and operators. */
export function meterOf(context: Context): Meter {
  if (context instanceof BoundedContext) return context.meter;
  throw new TypeError("a template is rendered without a meter");
}
