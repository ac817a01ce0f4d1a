const KEY = "hookgate.reloaded_at";
const ONCE_IN_MS = 60_000;

/**
 * Reloads the page once if a part of it cannot be loaded: an upgrade of the gateway removed the files of the page that is open.
 * A second failure within a minute has another cause, which the error page shows.
 */
export function reloadOnStaleImport(): void {
  addEventListener("vite:preloadError", (event) => {
    try {
      const now = Date.now();
      if (now - Number(sessionStorage.getItem(KEY) ?? 0) < ONCE_IN_MS) return;
      sessionStorage.setItem(KEY, String(now));
    } catch {
      return; // without storage it could reload for ever
    }
    event.preventDefault();
    location.reload();
  });
}
