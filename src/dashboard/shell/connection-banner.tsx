import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

/** Says that the browser is offline, so that nobody takes what the page shows for the present. */
export function ConnectionBanner() {
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  if (isOnline) return null;
  return (
    <p className="connection-banner" role="status">
      You are offline. The page shows what was loaded last and continues when the connection returns.
    </p>
  );
}
