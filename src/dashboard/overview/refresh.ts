/** How often the overview reads again. Nothing is read while the tab is hidden. */
export const REFRESH_MS = 10_000;
