import { escapeEntities, escapeMarkdown, markdownParts } from "../text.ts";

/**
 * How the values of a text are made inert, by the markup that the product reads. `plain`: it reads none. `at`: `@` mentions
 * somebody. `forge`: Markdown with the references and commands of a code host.
 */
export type EscapeName = "plain" | "at" | "markdown" | "forge" | "html";

const QUOTES: Readonly<Record<string, string>> = { '"': "&quot;", "'": "&#39;", "\n": "<br>" };
/** What refers to something on GitHub or GitLab, and starts GitLab's quick actions. */
const REFERENCE = /^[#!$%^&]$/;

function escapeForge(part: string): string {
  if (part === "/") return String.raw`\/`;
  return REFERENCE.test(part) ? `\\${part}\u200b` : escapeMarkdown(part);
}

function escapeAt(part: string): string {
  return part === "@" ? "@\u200b" : part;
}

function escapeHtml(part: string): string {
  return QUOTES[part] ?? escapeEntities(part);
}

/** A web address stays as it is, but can be cut anywhere. */
function characters(parts: readonly string[], escape: (part: string) => string): readonly string[] {
  return parts.flatMap((part) => (/^https?:/.test(part) ? Array.from(part.replaceAll("@", "%40")) : [escape(part)]));
}

/** Returns the parts of a value as they are written. Each can be left out as a whole, and none can be cut. */
export function escapedParts(value: string, escape: EscapeName): readonly string[] {
  switch (escape) {
    case "plain":
      return Array.from(value);
    case "at":
      return Array.from(value, escapeAt);
    case "html":
      return Array.from(value, escapeHtml);
    case "markdown":
      return characters(markdownParts(value), escapeMarkdown);
    case "forge":
      return characters(markdownParts(value), escapeForge);
  }
}

/** Returns a web address of `NotificationContent`, which is never cut. It mentions nobody. */
export function escapedLink(href: string, escape: EscapeName): string {
  if (escape === "plain") return href;
  const inert = href.replaceAll("@", "%40");
  return escape === "html" ? Array.from(inert, escapeHtml).join("") : inert;
}
