import { cut, oneLine } from "./text.ts";

const BAR = 24;
const CLEAR_LINE = "\r\u001b[K";
/** How often a line is written where the line cannot be rewritten. */
const LINE_EVERY_MS = 10_000;

/** A line about long work that is rewritten on a terminal. In a log it is a line every ten seconds. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #title: string;
  #isShown = false;
  #lineAtMs = Date.now();

  constructor(stream: NodeJS.WriteStream, title: string) {
    this.#stream = stream;
    this.#title = oneLine(title);
  }

  /** Shows how much is done. Without a total, there is no bar. */
  show(done: number, total: number | null, rest = ""): void {
    const counts =
      total === null ? done.toLocaleString("en") : `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    const text = `${this.#title} ${counts}${rest === "" ? "" : `, ${oneLine(rest)}`}`;
    if (!this.#stream.isTTY) {
      if (Date.now() - this.#lineAtMs < LINE_EVERY_MS) return;
      this.#lineAtMs = Date.now();
      this.#stream.write(`${text}\n`);
      return;
    }
    const filled = total === null || total === 0 ? 0 : Math.min(BAR, Math.round((done / total) * BAR));
    const bar = total === null ? "" : `${"█".repeat(filled)}${"░".repeat(BAR - filled)} `;
    this.#stream.write(`${CLEAR_LINE}${cut(`${bar}${text}`, this.#stream.columns - 1)}`);
    this.#isShown = true;
  }

  /** Removes the line. The next `show` writes it again. */
  clear(): void {
    if (this.#isShown) this.#stream.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
