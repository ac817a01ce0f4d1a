/**
 * Runs the steps of a program one after another, shows each, and says at a failure what was done, what was not, and how to
 * continue.
 */
export class Steps {
  #titles;
  #print;
  /** @type {string[]} */
  #done = [];

  /**
   * @param {readonly string[]} titles of all steps, in their order
   * @param {(line: string) => void} print
   */
  constructor(titles, print) {
    this.#titles = titles;
    this.#print = print;
  }

  /**
   * Runs a step. The step returns its result and a line about it, and may show what takes long meanwhile.
   * @template T
   * @param {string} title
   * @param {(note: (line: string) => void) => Promise<{ line: string, result: T }>} step
   * @returns {Promise<T>}
   */
  async run(title, step) {
    const head = `${String(this.#titles.indexOf(title) + 1).padStart(2)}/${this.#titles.length} ${title}`;
    try {
      const { line, result } = await step((note) => this.#print(`      ${head.trimStart()}: ${note}`));
      this.#print(`  ✓ ${head}: ${line}`);
      this.#done.push(title);
      return result;
    } catch (error) {
      this.#print(`  ✗ ${head}`);
      throw error;
    }
  }

  /** Whether a step is done. @param {string} title */
  isDone(title) {
    return this.#done.includes(title);
  }

  /** What was done and what was not, as lines. */
  summary() {
    const open = this.#titles.filter((title) => !this.#done.includes(title));
    const list = (/** @type {string[]} */ titles) => (titles.length === 0 ? "nothing" : titles.join(", "));
    return `Done:     ${list(this.#done)}\nNot done: ${list(open)}`;
  }
}
