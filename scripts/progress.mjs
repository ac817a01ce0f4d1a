const CLEAR = "\r\u001b[2K";
const TICK_MS = 1_000;

/**
 * Says what a script does while it takes long: on a terminal in one line that ends with the elapsed time, elsewhere, as in
 * continuous integration, in a plain line for each step.
 */
export class Progress {
  #stream;
  #isLive;
  #step = "";
  #detail = "";
  #usualSeconds = 0;
  #began = 0;
  /** @type {NodeJS.Timeout | null} */
  #timer = null;

  /**
   * @param {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} [stream]
   * @param {Readonly<Record<string, string | undefined>>} [env]
   */
  constructor(stream = process.stdout, env = process.env) {
    this.#stream = stream;
    const isCi = !["", "0", "false"].includes(env["CI"] ?? "");
    this.#isLive = stream.isTTY === true && !isCi && env["TERM"] !== "dumb";
  }

  /**
   * Begins a step.
   * @param {string} text what is done
   * @param {number} [usualSeconds] how long it usually takes
   */
  step(text, usualSeconds = 0) {
    this.end();
    this.#step = text;
    this.#usualSeconds = usualSeconds;
    this.#began = performance.now();
    if (!this.#isLive) {
      this.#stream.write(`${text}${usualSeconds === 0 ? "" : `. This takes about ${usualSeconds} seconds`}.\n`);
      return;
    }
    this.#timer = setInterval(() => this.#draw(), TICK_MS);
    this.#timer.unref();
    this.#draw();
  }

  /** Shows how far a step is, on a terminal only. @param {string} text */
  detail(text) {
    this.#detail = text;
    if (this.#timer !== null) this.#draw();
  }

  /** Ends the last step, and leaves an empty line on a terminal. */
  end() {
    if (this.#timer !== null) {
      clearInterval(this.#timer);
      this.#stream.write(CLEAR);
    }
    this.#timer = null;
    this.#detail = "";
  }

  #draw() {
    const seconds = Math.round((performance.now() - this.#began) / 1_000);
    const time = this.#usualSeconds === 0 ? `${seconds} s` : `${seconds} of about ${this.#usualSeconds} s`;
    const line = [this.#step, this.#detail, time].filter((part) => part !== "").join(" · ");
    this.#stream.write(CLEAR + line.slice(0, (this.#stream.columns ?? 80) - 1));
  }
}
