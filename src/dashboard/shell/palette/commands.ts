import type { SearchResult } from "../../../client/index.ts";
import type { Scope } from "../../../model/token.ts";
import { PAGES } from "../pages.ts";

/** Something to go to. */
export type Command = {
  readonly id: string;
  readonly title: string;
  /** What it is, beside its title. */
  readonly kind: string;
  readonly href: string;
  /** The scope that its page is for. */
  readonly needs: Scope;
};

export type CommandGroup = { readonly label: string; readonly items: readonly Command[] };

type Found = SearchResult["data"][number];
type Named = { readonly id: string; readonly name: string };
export type NamedKind = "integration" | "destination" | "route";

function command(title: string, href: string, kind = "page", needs: Scope = "read"): Command {
  return { id: `${kind} ${href}`, title, kind, href, needs };
}

const GO_TO: readonly Command[] = [
  ...PAGES.map(({ name, to }) => command(name, to)),
  command("Which route takes an event", "/routes/explain"),
  command("API tokens", "/settings/tokens", "settings", "admin"),
  command("Audit trail", "/settings/audit", "settings", "admin"),
  command("Reconciliation", "/settings/reconciliation", "settings"),
  command("Dead letters", "/settings/dead-letters", "settings"),
  command("Configuration as a file", "/settings/config", "settings"),
  command("About this gateway", "/settings/about", "settings"),
];

const DO: readonly Command[] = [
  command("Create integration", "/integrations/new", "action", "write"),
  command("Create destination", "/destinations/new", "action", "write"),
  command("Create route", "/routes/new", "action", "write"),
  command("Create transformation", "/transformations/new", "action", "write"),
  command("Replay dead deliveries", "/deliveries?outstanding=true", "action", "write"),
];

/** The most commands of one group. The search narrows them down. */
const MAX_OF_GROUP = 8;

function hrefOf(kind: Found["kind"], id: string): string {
  switch (kind) {
    case "token":
      return "/settings/tokens";
    case "replay":
      return `/deliveries?replay=${encodeURIComponent(id)}`;
    case "delivery":
      return `/deliveries/${encodeURIComponent(id)}`;
    case "integration":
    case "destination":
    case "route":
    case "transformation":
    case "event":
    case "alert":
      return `/${kind}s/${encodeURIComponent(id)}`;
  }
}

const KINDS = {
  int: "integration",
  dst: "destination",
  rte: "route",
  trf: "transformation",
  evt: "event",
  alr: "alert",
  dlv: "delivery",
  rpl: "replay",
} as const;

function isPrefix(text: string): text is keyof typeof KINDS {
  return Object.hasOwn(KINDS, text);
}

/** What an id leads to, before the gateway has looked for it. */
function ofId(text: string): readonly Found[] {
  const [, prefix = ""] = /^([a-z]{3})_[0-9A-Za-z]{1,60}$/.exec(text) ?? [];
  return isPrefix(prefix) ? [{ kind: KINDS[prefix], id: text, title: text }] : [];
}

/** Whether a title has each word of the text. */
export function fits(title: string, text: string): boolean {
  const lower = title.toLowerCase();
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => lower.includes(word));
}

type Sources = {
  readonly text: string;
  readonly may: (needed: Scope) => boolean;
  readonly named: Readonly<Record<NamedKind, readonly Named[]>>;
  /** What the gateway found for the text. */
  readonly found: readonly Found[];
};

/** Returns what a text leads to: pages and actions by their names, then what the gateway has. */
export function commandsFor({ text, may, named, found }: Sources): readonly CommandGroup[] {
  const wanted = text.trim();
  const choose = (commands: readonly Command[]): readonly Command[] =>
    commands.filter(({ title, needs }) => may(needs) && fits(title, wanted));
  const kinds = ["integration", "destination", "route"] as const;
  const byName = kinds.flatMap((kind) =>
    named[kind].filter(({ name }) => wanted !== "" && fits(name, wanted)).map(({ id, name }) => ({ kind, id, name })),
  );
  const known = new Set(byName.map(({ id }) => id));
  const isFound = found.some(({ id }) => id === wanted);
  const others = [...(isFound ? [] : ofId(wanted)), ...found].filter(({ id }) => !known.has(id));
  const groups = [
    { label: "Go to", items: choose(GO_TO) },
    { label: "Actions", items: choose(DO) },
    {
      label: "Integrations, destinations, routes",
      items: byName
        .slice(0, MAX_OF_GROUP)
        .map(({ kind, id, name }) => ({ ...command(name, hrefOf(kind, id), kind), id })),
    },
    {
      label: "Found",
      items: others.map(({ kind, id, title }) => ({ ...command(title, hrefOf(kind, id), kind), id })),
    },
    {
      label: "Search",
      items:
        wanted === ""
          ? []
          : [
              command(`Events with “${wanted}”`, `/events?q=${encodeURIComponent(wanted)}`, "search"),
              command(`Deliveries with “${wanted}”`, `/deliveries?q=${encodeURIComponent(wanted)}`, "search"),
            ],
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
