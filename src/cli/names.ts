import type { JsonObject } from "../client/index.ts";
import type { Api } from "./api.ts";
import { CommandError, UsageError } from "./failure.ts";
import { field } from "./rows.ts";

const KINDS = {
  integration: { path: "/integrations", prefix: "int_", command: "integrations" },
  destination: { path: "/destinations", prefix: "dst_", command: "destinations" },
  route: { path: "/routes", prefix: "rte_", command: "routes" },
  transformation: { path: "/transformations", prefix: "trf_", command: "transformations" },
  token: { path: "/tokens", prefix: "tok_", command: "tokens" },
} as const;

type Named = keyof typeof KINDS;
/** What is part of the configuration. */
export type Kind = Exclude<Named, "token">;

const PAGE = 250;
/** A gateway with more things of a kind is searched only so far. */
const MAX_PAGES = 40;
const ID = /^[a-z]{3}_[0-9a-z]{20,}$/;

/** Whether text is an id of a kind, and not a name. */
function isIdOf(kind: Named, text: string): boolean {
  return text.startsWith(KINDS[kind].prefix) && ID.test(text);
}

/** The names of things of the configuration and of tokens, read once if they are needed. */
export class Names {
  readonly #api: () => Api;
  readonly #rows = new Map<Named, Promise<readonly JsonObject[]>>();

  constructor(api: () => Api) {
    this.#api = api;
  }

  async #read(kind: Named): Promise<readonly JsonObject[]> {
    const rows: JsonObject[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await this.#api().page(KINDS[kind].path, { limit: PAGE, cursor });
      rows.push(...page.data);
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    return rows;
  }

  /** All things of a kind. */
  async rows(kind: Named): Promise<readonly JsonObject[]> {
    const known = this.#rows.get(kind) ?? this.#read(kind);
    this.#rows.set(kind, known);
    return await known;
  }

  /** Finds the id for an id, an `external_id` or a name. Throws if nothing or more than one thing has it. */
  async idOf(kind: Named, text: string): Promise<string> {
    if (isIdOf(kind, text)) return text;
    if (text === "")
      throw new UsageError(`The name of the ${kind} is empty.`, "Check the variable that should hold it.");
    const rows = await this.rows(kind);
    const { command } = KINDS[kind];
    const own = rows.filter((row) => field(row, "external_id") === text);
    const named = own.length > 0 ? own : rows.filter((row) => field(row, "name") === text);
    const [first, ...others] = named;
    if (first === undefined) {
      const similar = rows.map((row) => field(row, "name")).filter((name) => isSimilar(name, text));
      throw new CommandError(
        `There is no ${kind} "${text}".`,
        similar.length > 0
          ? `Did you mean "${similar.slice(0, 3).join('", "')}"?`
          : `\`hookgate ${command} list\` shows them.`,
      );
    }
    if (others.length > 0) {
      const ids = named.slice(0, 5).map((row) => field(row, "id"));
      throw new CommandError(`${named.length} ${command} have the name "${text}".`, `Use an id: ${ids.join(", ")}.`);
    }
    return field(first, "id");
  }

  async maybeIdOf(kind: Kind, text: string | undefined): Promise<string | undefined> {
    return text === undefined ? undefined : await this.idOf(kind, text);
  }

  /** A function that returns the name for an id, and the id itself if it has none any more. */
  async labels(kind: Kind): Promise<(id: string) => string> {
    const rows = await this.rows(kind);
    const names = new Map(rows.map((row) => [field(row, "id"), field(row, "name")]));
    return (id) => names.get(id) ?? id;
  }
}

/** Whether a name is what someone may have meant: the same but for case, or one contains the other. */
function isSimilar(name: string, text: string): boolean {
  const [a, b] = [name.toLowerCase(), text.toLowerCase()];
  return a !== "" && b !== "" && (a.includes(b) || b.includes(a));
}
