import type { DestinationType } from "../../model/destination.ts";
import { sendDocument } from "./document.ts";
import { sendEmail } from "./email.ts";
import { sendQueue } from "./queue.ts";
import type { Sender } from "./provider.ts";
import { sendWebhook } from "./webhook.ts";

/** How each type of destination is reached. */
export const SENDERS = {
  webhook: sendWebhook,
  document: sendDocument,
  queue: sendQueue,
  email: sendEmail,
} as const satisfies Record<DestinationType, Sender>;
