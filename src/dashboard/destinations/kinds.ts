import type { Destination, DestinationCreation, DestinationPayloadInput, PresetList } from "../../client/index.ts";
import { AUTH_TYPES } from "./auth-draft.ts";

export type AuthType = (typeof AUTH_TYPES)[number];
export type Preset = PresetList["data"][number];
export type DestinationType = NonNullable<DestinationCreation["type"]>;

/** Where events can go, beside the presets. */
export const TYPES = [
  {
    type: "webhook",
    title: "Webhook",
    summary: "Posts each event to a URL, signed, as an envelope, as it arrived, or as your template says.",
  },
  { type: "queue", title: "Cloudflare Queue", summary: "Sends each event to a queue that is bound to the gateway." },
  { type: "document", title: "Document", summary: "Writes each event as a document into the gateway’s R2 bucket." },
  {
    type: "s3",
    title: "S3 storage",
    summary: "Writes each event as an object into Amazon S3, R2, MinIO or any other store with this interface.",
  },
  { type: "email", title: "Email", summary: "Sends each event as a mail through Cloudflare Email Routing." },
] as const satisfies readonly { readonly type: DestinationType; readonly title: string; readonly summary: string }[];

type TypeOption = {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly initial: string;
};

const OPTIONS: Readonly<Partial<Record<DestinationType, readonly TypeOption[]>>> = {
  queue: [
    { name: "binding", label: "Binding", hint: "The name of the queue’s binding in wrangler.toml.", initial: "" },
  ],
  document: [
    {
      name: "key",
      label: "Key",
      hint: "A template. A later event with the same key replaces the document.",
      initial: "{{ data.event.id }}.json",
    },
  ],
  s3: [
    { name: "bucket", label: "Bucket", hint: "The bucket’s name.", initial: "" },
    {
      name: "key",
      label: "Key",
      hint: "A template. Empty is the event’s type, its day and the id of the delivery.",
      initial: "",
    },
    {
      name: "addressing",
      label: "Addressing",
      hint: "path puts the bucket into the path, virtual_host in front of the host.",
      initial: "path",
    },
    { name: "storage_class", label: "Storage class", hint: "Empty is the store’s default.", initial: "" },
    { name: "content_type", label: "Content type", hint: "Empty is that of the payload.", initial: "" },
  ],
  email: [
    { name: "from", label: "From", hint: "An address of a domain with Email Routing.", initial: "" },
    { name: "to", label: "To", hint: "A verified address.", initial: "" },
    { name: "subject", label: "Subject", hint: "A template.", initial: "[{{ type }}] {{ data.alert.title }}" },
  ],
};

/** The credentials that a type can have. */
export function authTypesOf(type: DestinationType): readonly AuthType[] {
  return type === "s3" ? ["aws_sigv4"] : AUTH_TYPES;
}

/** Whether a type calls a URL. */
export function hasUrl(type: DestinationType): type is "webhook" | "s3" {
  return type === "webhook" || type === "s3";
}

/** The options of a type, as the fields of its form show them. Webhooks have none. */
export function optionsOf(type: DestinationType): readonly TypeOption[] {
  return OPTIONS[type] ?? [];
}

export function typeOf(text: string | undefined): DestinationType | undefined {
  return TYPES.find(({ type }) => type === text)?.type;
}

/** The start of the address that each service gives out. */
const URLS: Readonly<Record<string, string>> = {
  discord: "https://discord.com/api/webhooks/…",
  "google-chat": "https://chat.googleapis.com/v1/spaces/…",
  opsgenie: "https://api.opsgenie.com/v2/alerts",
  pagerduty: "https://events.pagerduty.com/v2/enqueue",
  pagertree: "https://api.pagertree.com/integration/…",
  slack: "https://hooks.slack.com/services/…",
  telegram: "https://api.telegram.org",
  zapier: "https://hooks.zapier.com/hooks/catch/…",
};

export function urlPattern(preset: Preset | undefined): string {
  return preset?.url ?? (preset === undefined ? undefined : URLS[preset.name]) ?? "https://";
}

/** The whole address, if every installation of the service has the same. */
export function urlOf(preset: Preset | undefined): string {
  const pattern = urlPattern(preset);
  return pattern.endsWith("…") || pattern === "https://" || pattern.includes("example") ? "" : pattern;
}

type PresetCategory = Preset["category"];

/** The categories in the order of the gallery, with their titles. */
const CATEGORIES = {
  chat: "Chat",
  incidents: "Incidents and on-call",
  tickets: "Tickets and tasks",
  documents: "Documents and tables",
  messages: "Mail, text messages and push",
  observability: "Events and logs",
  automation: "Automation",
} as const satisfies Record<PresetCategory, string>;

const words = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ");

/** Whether texts contain every word of a search, in any spelling: "new-relic" finds "New Relic". */
export function isFound(search: string, ...texts: readonly string[]): boolean {
  const within = words(texts.join(" "));
  const joined = within.replaceAll(" ", "");
  return words(search)
    .split(" ")
    .every((word) => within.includes(word) || joined.includes(word));
}

/** The presets that a search finds, by category. Categories without one are left out. */
export function presetsByCategory(presets: readonly Preset[], search: string) {
  return Object.entries(CATEGORIES)
    .map(([category, title]) => ({
      title,
      presets: presets.filter(
        (preset) => preset.category === category && isFound(search, preset.title, preset.name, preset.summary, title),
      ),
    }))
    .filter((each) => each.presets.length > 0);
}

/** An option's name as a label: "routing_key" is "Routing key". */
export function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where a destination delivers to, in one text: its URL, or its options. */
export function addressOf({ url, options }: Pick<Destination, "url" | "options">): string {
  return (
    url ??
    Object.values(options)
      .filter((value) => typeof value === "string")
      .join(" ")
  );
}

type PresetName = Extract<DestinationPayloadInput, { readonly mode: "preset" }>["preset"];

/** Whether the gateway has this preset. What it lists is what it accepts. */
export function isPresetName(name: string, presets: readonly Preset[]): name is PresetName {
  return presets.some((preset) => preset.name === name);
}
