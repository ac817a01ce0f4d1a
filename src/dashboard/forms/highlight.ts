import { HighlightStyle, defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";

/** CodeMirror's own colors, which are for a light page only, by the tokens that replace them. */
const TOKENS: Readonly<Record<string, string>> = {
  "#a11": "var(--ok)", // texts
  "#164": "var(--pending)", // numbers
  "#219": "var(--pending)", // true, false, null
  "#708": "var(--accent)", // keywords
  "#e40": "var(--failing)", // escapes
  "#940": "var(--muted)", // comments
  "#f00": "var(--dead)", // what is invalid
};

/** Colors of syntax that follow the scheme. */
export const highlighting = syntaxHighlighting(
  HighlightStyle.define(
    defaultHighlightStyle.specs.map((spec) => {
      const color: unknown = spec["color"];
      return { ...spec, color: (typeof color === "string" ? TOKENS[color] : undefined) ?? "var(--text)" };
    }),
  ),
);
