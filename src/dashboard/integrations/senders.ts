import type { Integration, IntegrationCreation, RuleSetList } from "../../client/index.ts";

/** One kind of sender that an integration can be created for. */
export type Sender = {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly creation: Pick<IntegrationCreation, "type" | "options">;
};

const TYPES = [
  { type: "catch", title: "Any webhook", detail: "Every request, delivered as it was received" },
  { type: "pagertree", title: "PagerTree-style webhook", detail: "Tools that post to PagerTree, and your own scripts" },
  { type: "backtrace", title: "Backtrace", detail: "Groups of crashes" },
  { type: "retrace", title: "Stackify Retrace", detail: "Alerts and errors" },
  { type: "thousandeyes", title: "Cisco ThousandEyes", detail: "Alert and agent notifications" },
] as const satisfies readonly (Pick<IntegrationCreation, "type"> & { title: string; detail: string })[];

/** Returns all senders: the types of integrations, then the ready-made rule sets. */
export function sendersOf(ruleSets: RuleSetList["data"]): readonly Sender[] {
  return [
    ...TYPES.map(({ type, title, detail }) => ({ id: type, title, detail, creation: { type } })),
    ...ruleSets.map(({ name, title, category }) => ({
      id: `rules:${name}`,
      title,
      detail: category,
      creation: { type: "rules" as const, options: { rule_set: name } },
    })),
  ];
}

/** Returns the senders whose title, name or detail contains a text. */
export function searchSenders(senders: readonly Sender[], text: string): readonly Sender[] {
  const wanted = text.trim().toLowerCase();
  return senders.filter(({ id, title, detail }) => `${id} ${title} ${detail}`.toLowerCase().includes(wanted));
}

/** The name of a sender's page in docs/sources. */
export function pageOf({ creation: { type }, id }: Sender): string {
  return type === "rules" ? id.slice("rules:".length) : type;
}

/** What an integration is for, in short: its rule set, or its type. */
export function kindOf({ type, options }: Pick<Integration, "type" | "options">): string {
  const ruleSet: unknown = new Map<string, unknown>(Object.entries(options)).get("rule_set");
  return typeof ruleSet === "string" ? ruleSet : type;
}
