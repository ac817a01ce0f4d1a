import type { Integration, IntegrationCreation, RuleSetList } from "../../client/index.ts";

/** The groups of the gallery, in its order. */
export const SENDER_GROUPS = {
  any: "Any sender",
  monitoring: "Monitoring",
  cloud: "Cloud",
  uptime: "Uptime",
  jobs: "Jobs",
  errors: "Errors",
  logs: "Logs",
  infrastructure: "Infrastructure",
  deployment: "Deployment",
  code: "Code",
  incidents: "Incidents",
  security: "Security",
  support: "Support",
  commerce: "Commerce",
} as const satisfies Record<RuleSetList["data"][number]["category"] | "any", string>;
export type SenderGroup = keyof typeof SENDER_GROUPS;

/** One kind of sender that an integration can be created for. */
export type Sender = {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly group: SenderGroup;
  readonly creation: Pick<IntegrationCreation, "type" | "options">;
};

type SenderType = Pick<IntegrationCreation, "type"> & Pick<Sender, "title" | "detail" | "group">;

const TYPES: readonly SenderType[] = [
  { type: "catch", title: "Any webhook", detail: "Every request, delivered as it was received", group: "any" },
  {
    type: "pagertree",
    title: "PagerTree-style webhook",
    detail: "Tools that post to PagerTree, and your own scripts",
    group: "any",
  },
  { type: "backtrace", title: "Backtrace", detail: "Groups of crashes", group: "errors" },
  { type: "retrace", title: "Stackify Retrace", detail: "Alerts and errors", group: "errors" },
  { type: "thousandeyes", title: "Cisco ThousandEyes", detail: "Alerts of tests and agents", group: "monitoring" },
];

/** Returns all senders: the types of integrations, then the ready-made rule sets. */
export function sendersOf(ruleSets: RuleSetList["data"]): readonly Sender[] {
  return [
    ...TYPES.map(({ type, ...rest }) => ({ id: type, ...rest, creation: { type } })),
    ...ruleSets.map(({ name, title, category, actions }) => ({
      id: `rules:${name}`,
      title,
      detail: actions.includes("resolve") ? "Opens and resolves alerts" : "Opens alerts",
      group: category,
      creation: { type: "rules" as const, options: { rule_set: name } },
    })),
  ];
}

/** Returns the senders whose title, name, detail or group contains a text. */
export function searchSenders(senders: readonly Sender[], text: string): readonly Sender[] {
  const wanted = text.trim().toLowerCase();
  return senders.filter(({ id, title, detail, group }) =>
    `${id} ${title} ${detail} ${group}`.toLowerCase().includes(wanted),
  );
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
