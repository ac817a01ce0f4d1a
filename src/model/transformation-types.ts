// The types of what transformations get and return, for editors. docs/examples/transformations.d.ts has the same text.

export const TRANSFORMATION_TYPES = `// The types of Hookgate's transformations. Name them in a comment of your module:
//
//   /** @type {import("./transformations").IntegrationTransformation} */
//   export default function (event, context) { return event; }

/** Any JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An event that an integration has received. */
export interface IntegrationEvent<Payload = any> {
  id: string;
  integration_id: string;
  /** The source's own word for the event, such as "alert" or "test". */
  kind: string;
  /** ISO 8601 with milliseconds. */
  received_at: string;
  /** The sender's headers in lower case, without credentials. */
  headers: { [name: string]: string };
  payload: Payload;
}

/** An alert, as the event left it. */
export interface Alert {
  id: string;
  key: string;
  status: "open" | "acknowledged" | "resolved";
  title: string;
  description: string;
  urgency: "low" | "medium" | "high" | "critical" | null;
  tags: string[];
  meta: { [name: string]: Json };
  incident: { severity: string; message: string } | null;
  additional_data: { format: string; label: string; value: Json }[];
  dedup_count: number;
}

/** The body of a delivery. */
export interface Envelope<Payload = any> {
  /** Such as "alert.created" or "event.received". */
  type: string;
  timestamp: string;
  data: { event: IntegrationEvent<Payload> & { test?: true }; alert?: Alert; [name: string]: unknown };
}

export interface Context {
  /** When the event was received. \`new Date()\` is this time, too. */
  now: string;
}

/** What replaces an event. Only its payload is used. */
export type Changed = { payload: unknown };

/** Null drops the event; a list makes several of it. */
export type IntegrationTransformation = (
  event: IntegrationEvent,
  context: Context,
) => Changed | Changed[] | null | Promise<Changed | Changed[] | null>;

/** What is returned is sent. Null sends nothing. */
export type DestinationTransformation = (envelope: Envelope, context: Context) => unknown;
`;
