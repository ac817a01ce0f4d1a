import { once } from "node:events";
import { createReadStream, createWriteStream, renameSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { DeployError } from "../deploy/deploy-error.mjs";

// A backup is a compressed file of lines, each a JSON object: a header, rows of tables, objects, and an end with their numbers.

export const FORMAT = 1;

const OTHER_COPY = "Name another file, or use another copy of this one.";

/**
 * @typedef {{ kind: "header", format: number, version: string, created_at: string, name: string, databases: string[], migrations: string[] }} Header
 * @typedef {{ kind: "rows", database: string, table: string, columns: string[], rows: (string | number | null)[][] }} Rows
 * @typedef {{ kind: "object", key: string, content_type: string | null, metadata: Record<string, string>, body: string }} StoredObject
 * @typedef {{ kind: "end", rows: number, objects: number }} End
 * @typedef {Header | Rows | StoredObject | End} Line
 */

/** Writes a backup. The file exists under its name only when it is complete, and only its owner can read it. */
export class ArchiveWriter {
  #file;
  #partial;
  #gzip = createGzip();
  #output;

  /** @param {string} file */
  constructor(file) {
    this.#file = file;
    this.#partial = `${file}.partial`;
    this.#output = this.#gzip.pipe(createWriteStream(this.#partial, { mode: 0o600 }));
  }

  /** @param {Line} line */
  async write(line) {
    if (!this.#gzip.write(`${JSON.stringify(line)}\n`)) await once(this.#gzip, "drain");
  }

  async finish() {
    this.#gzip.end();
    await finished(this.#output);
    renameSync(this.#partial, this.#file);
  }

  abandon() {
    this.#gzip.destroy();
    this.#output.destroy();
    rmSync(this.#partial, { force: true });
  }
}

/**
 * Reads the lines of a backup. Throws a DeployError if the file is not a backup or is not complete.
 * @param {string} file
 * @returns {AsyncGenerator<Line>}
 */
export async function* readArchive(file) {
  let last = "";
  const source = createReadStream(file);
  const unpacked = createGunzip();
  source.on("error", (error) => unpacked.destroy(error));
  try {
    for await (const text of createInterface({ input: source.pipe(unpacked), crlfDelay: Infinity })) {
      /** @type {Line} */
      const line = JSON.parse(text);
      last = line.kind;
      yield line;
    }
    // A stream that fails ends the lines without an error.
    if (unpacked.errored !== null) throw unpacked.errored;
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw new DeployError(
      `${file} cannot be read as a backup: ${error instanceof Error ? error.message : String(error)}`,
      OTHER_COPY,
    );
  }
  if (last !== "end") throw new DeployError(`${file} is not a complete backup.`, OTHER_COPY);
}
