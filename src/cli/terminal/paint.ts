// Colors are marked by characters that text of other people loses on its way out, so that only our own become escapes.

const MARKS = {
  good: ["\ue000", "32"],
  bad: ["\ue001", "31"],
  wait: ["\ue002", "33"],
  faint: ["\ue003", "2"],
  strong: ["\ue004", "1"],
} as const;
const END = "\ue00f";
const CODES = new Map<string, string>([...Object.values(MARKS), [END, "0"] as const]);

export type Tone = keyof typeof MARKS;

/** Marks text with a color. `render` turns the mark into an escape sequence, or removes it. */
export function paint(tone: Tone | null, text: string): string {
  return tone === null || text === "" ? text : `${MARKS[tone][0]}${text}${END}`;
}

/** Turns marks into escape sequences, or removes them. */
export function render(text: string, hasColor: boolean): string {
  return text.replaceAll(/[\ue000-\ue00f]/gu, (mark) => {
    const code = CODES.get(mark);
    return hasColor && code !== undefined ? `\u001b[${code}m` : "";
  });
}

const TONES = new Map<string, Tone>([
  ["delivered", "good"],
  ["resolved", "good"],
  ["healthy", "good"],
  ["done", "good"],
  ["pending", "wait"],
  ["acknowledged", "wait"],
  ["running", "wait"],
  ["probing", "wait"],
  ["paused", "wait"],
  ["dead", "bad"],
  ["open", "bad"],
  ["failing", "bad"],
  ["paused_by_breaker", "bad"],
  ["cancelled", "faint"],
  ["ignored", "faint"],
  ["disabled", "faint"],
]);

/** The color of a status. */
export function toneOf(status: string): Tone | null {
  return TONES.get(status) ?? null;
}
