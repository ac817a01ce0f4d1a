import { useSyncExternalStore } from "react";

// public/theme.js reads the same key before the first paint.
const KEY = "hookgate.theme";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const listeners = new Set<() => void>();
let current: Theme = storedTheme();

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? "system";
  } catch {
    return "system"; // storage can be disabled
  }
}

function apply(): void {
  const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = current === "dark" || (current === "system" && prefersDark);
  document.documentElement.dataset["mode"] = isDark ? "dark" : "light";
}

export function setTheme(theme: Theme): void {
  current = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice lasts until the page is closed.
  }
  apply();
  for (const listener of listeners) listener();
}

export function followSystemTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current);
}
