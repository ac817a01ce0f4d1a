import * as z from "zod/mini";
import type { ConnectionGrant } from "./connection.ts";
import { lazy } from "./lazy.ts";

// The messages between the object that holds a listener's WebSocket (src/listeners/) and the command `hookgate listen`.

/** A request for the local server. The frames that follow hold its body, `bytes` bytes in total. */
export type ListenRequest = {
  readonly type: "request";
  /** Names this attempt. A request that is sent again after a lost connection has the same id. */
  readonly request_id: string;
  readonly delivery_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout_ms: number;
  readonly bytes: number;
};

/** The size of the frames that hold a body: a message of a WebSocket has at most 1 MiB on Cloudflare. */
export const LISTEN_FRAME_BYTES = 262_144;

/** The largest message of the command in characters: a response's first bytes and little else. */
export const MAX_LISTEN_REPLY = 16_384;
const MAX_BODY = 8_192;
const MAX_ERROR = 300;

const duration = z.number().check(z.minimum(0), z.maximum(86_400_000));
const requestId = z.string().check(z.maxLength(100));

const listenReply = lazy(() =>
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("response"),
      request_id: requestId,
      status: z.int().check(z.minimum(100), z.maximum(599)),
      retry_after: z.nullable(z.string().check(z.maxLength(100))),
      /** The start of the body; null if there is none. */
      body: z.nullable(z.string().check(z.maxLength(MAX_BODY))),
      duration_ms: duration,
    }),
    z.object({
      type: z.literal("failure"),
      request_id: requestId,
      is_timeout: z.boolean(),
      error: z.string().check(z.maxLength(MAX_ERROR)),
      duration_ms: duration,
    }),
  ]),
);

/** The result of a request at the local server. */
export type ListenReply = z.output<ReturnType<typeof listenReply>>;

/** Parses a message of the command. Returns null for another message. */
export function parseListenReply(text: string): ListenReply | null {
  try {
    return listenReply().safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** A request that a delivery asks the object to pass on. The body of the call is the body of the request. */
export type ListenCall = Omit<ListenRequest, "type" | "request_id" | "bytes"> & ListenerSettings;

export type ListenerSettings = {
  readonly destination_id: string;
  /** After this many seconds without a listener the destination is removed; null for never. */
  readonly remove_after_seconds: number | null;
};

/** A command that connects. */
export type ListenConnect = ListenerSettings & { readonly grant: ConnectionGrant };

/** The header in which calls of the object have their parameters. */
export const LISTEN_CALL_HEADER = "hookgate-listen";

/** The answer of the object. `busy`: it holds as many requests as fit into its memory. */
export type ListenOutcome =
  | ListenReply
  | { readonly type: "not_connected" }
  | { readonly type: "busy" }
  | { readonly type: "timed_out" };
