import { createKumoToastManager } from "@cloudflare/kumo/components/toast";
import { ClientError } from "../../client/index.ts";

/** Shows short messages about what an action did. */
export const toasts = createKumoToastManager();

export function notifySuccess(title: string): void {
  toasts.add({ title, variant: "success" });
}

/** Shows why an action failed. */
export function notifyFailure(title: string, error: unknown): void {
  const description = error instanceof ClientError ? error.message : "The dashboard failed to do this.";
  toasts.add({ title, description, variant: "error" });
}
