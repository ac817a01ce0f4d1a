import type { Capture } from "../../model/captured.ts";
import type { Method } from "../../model/destination.ts";

/** Stands for the id of the delivery in `url` and `headers`, so that a vendor recognizes a repeated request. */
export const DELIVERY_ID = "__delivery_id__";

/** The body of a delivery, the same on every attempt. */
export type Body = {
  readonly bytes: Uint8Array;
  readonly content_type: string;
  /** The address to send to, if it is not the destination's own URL. It can contain DELIVERY_ID. */
  readonly url?: string;
  /** The method, if it is not the destination's own. */
  readonly method?: Method;
  /** Credentials in the form that the receiving tool expects, and what else it requires. A value can contain DELIVERY_ID. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Secrets in the address, body or headers, which the log must not show if a response repeats them. */
  readonly secrets?: readonly string[];
  /** Why nothing is sent for this type of message. The delivery then counts as delivered. */
  readonly skipped?: string;
  /** Why nothing can be sent: the request needs captured values that are not there. The delivery then dies. */
  readonly lacks?: string;
  /** Values of the response that are kept for the alert. */
  readonly capture?: Capture;
};
