import type { Delivery } from "../../client/index.ts";

type Attempt = Pick<Delivery["attempts"][number], "status" | "error">;

/** Whether the destination accepted the attempt. A document, a queue and a mailbox return no status. */
export function isAccepted({ status, error }: Attempt): boolean {
  return error === null && (status === null || (status >= 200 && status < 300));
}

/** What came of an attempt in a word or a number. */
export function attemptResult({ status, error }: Attempt): string {
  if (status !== null) return String(status);
  return error === null ? "accepted" : "failed";
}
