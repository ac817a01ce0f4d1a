import { cut, oneLine } from "./text.ts";

const BAR = 24;
const CLEAR_LINE = "\r\u001b[K";
const SECOND_MS = 1_000;

/** Whether a line may be rewritten for a person: in CI, terminals are only logs. */
export function showsProgress(stream: NodeJS.WriteStream): boolean {
  const { CI: ci = "", TERM: terminal } = process.env;
  return stream.isTTY && terminal !== "dumb" && ["", "0", "false"].includes(ci);
}

/** A line about long work that is rewritten. Without a stream it shows nothing. */
export class Progress {
  readonly #stream: NodeJS.WriteStream | null;
  readonly #title: string;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream | null, title: string) {
    this.#stream = stream;
    this.#title = oneLine(title);
  }

  #write(text: string): void {
    this.#stream?.write(`${CLEAR_LINE}${cut(text, this.#stream.columns - 1)}`);
    this.#isShown = true;
  }

  /** Shows how much is done. Without a total, there is no bar. */
  show(done: number, total: number | null, rest = ""): void {
    const counts =
      total === null ? done.toLocaleString("en") : `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    const text = `${this.#title} ${counts}${rest === "" ? "" : `, ${oneLine(rest)}`}`;
    const filled = total === null || total === 0 ? 0 : Math.min(BAR, Math.round((done / total) * BAR));
    const bar = total === null ? "" : `${"█".repeat(filled)}${"░".repeat(BAR - filled)} `;
    this.#write(`${bar}${text}`);
  }

  /** Runs work that is one request, and shows how long it takes already. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const startMs = Date.now();
    const timer = setInterval(() => {
      this.#write(`${this.#title} ${Math.round((Date.now() - startMs) / SECOND_MS)} s`);
    }, SECOND_MS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      this.clear();
    }
  }

  /** Removes the line. The next `show` writes it again. */
  clear(): void {
    if (this.#isShown) this.#stream?.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
