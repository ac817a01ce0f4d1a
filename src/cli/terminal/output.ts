import type { Json } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { Progress, showsProgress } from "./progress.ts";
import { paint, render } from "./paint.ts";
import { type Column, Table } from "./table.ts";
import { neutralize, neutralizeJson } from "./text.ts";
import { relative } from "./time.ts";

const UNLIMITED = 1_000;
const NARROWEST = 40;

export type OutputOptions = {
  readonly isJson: boolean;
  /** Whether `--no-color` is absent. */
  readonly wantsColor: boolean;
};

function hasColor(stream: NodeJS.WriteStream, wantsColor: boolean): boolean {
  const { NO_COLOR: no, TERM: terminal } = process.env;
  return wantsColor && stream.isTTY && (no === undefined || no === "") && terminal !== "dumb";
}

/** Where a command writes: data to stdout, everything else to stderr. Everything but our own colors is neutralized. */
export class Output {
  readonly isJson: boolean;
  readonly nowMs = Date.now();
  readonly #options: OutputOptions;
  #progress: Progress | null = null;
  #isFollowing = false;

  constructor(options: OutputOptions) {
    this.isJson = options.isJson;
    this.#options = options;
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    this.#progress?.clear();
    stream.write(render(neutralize(`${text}\n`), hasColor(stream, this.#options.wantsColor)));
  }

  /** Writes a JSON document, in one line for lists that do not end. */
  json(value: Json, indent = 2): void {
    this.#progress?.clear();
    process.stdout.write(`${neutralizeJson(writeJson(value, indent))}\n`);
  }

  /** Writes text as it is, such as a script or a file. */
  raw(text: string): void {
    this.#progress?.clear();
    process.stdout.write(text);
  }

  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.#write(process.stdout, lines.join("\n"));
  }

  table<T>(columns: readonly Column<T>[], rows: readonly T[]): void {
    this.lines(new Table(columns).lines(rows, this.room()));
  }

  /** From now on, times in rows are shown as times of day in UTC, because the rows stay on the screen. */
  follow(): void {
    this.#isFollowing = true;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** A time in a row; empty for none. */
  when(iso: string): string {
    if (iso === "") return "";
    return this.#isFollowing ? iso.slice("2026-11-20T".length, -"000Z".length - 1) : relative(iso, this.nowMs);
  }

  /** Writes what is not data to stderr. */
  note(text: string): void {
    this.#write(process.stderr, text);
  }

  error(message: string, details: readonly string[], hint: string | null): void {
    const lines = [`${paint("bad", "error:")} ${message}`, ...details.map((detail) => `  ${detail}`)];
    this.note([...lines, ...(hint === null ? [] : [`${paint("faint", "hint:")} ${hint}`])].join("\n"));
  }

  /** The columns of the terminal. Output to a file or a pipe is not cut. */
  room(): number {
    const { stdout } = process;
    return stdout.isTTY ? Math.max(NARROWEST, stdout.columns) : UNLIMITED;
  }

  /** The progress of long work on stderr. Only people see it: on a terminal, without `--json`. */
  progress(title: string): Progress {
    const { stderr } = process;
    this.#progress = new Progress(!this.isJson && showsProgress(stderr) ? stderr : null, title);
    return this.#progress;
  }
}
