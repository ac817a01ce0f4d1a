import { closeSync, copyFileSync, openSync, readSync, rmSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../scripts/drive/gateway.mjs";
import { checkState } from "../../scripts/local/state.mjs";

const PAGES_OFFSET = 28;
const COUNTER_OFFSET = 24;
const VALID_FOR_OFFSET = 92;

/** A folder with a database whose last rows are in its write-ahead log only, as after a kill. */
function killedState(): { readonly folder: string; readonly file: string } {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const running = join(folder, "running.db");
  const db = new DatabaseSync(running);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n INTEGER, text TEXT)");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.exec(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n",
  );
  const file = join(folder, "state.sqlite");
  copyFileSync(running, file);
  copyFileSync(`${running}-wal`, `${file}-wal`);
  db.close();
  return { folder, file };
}

function read(file: string, offset: number): number {
  const buffer = Buffer.alloc(4);
  const descriptor = openSync(file, "r");
  readSync(descriptor, buffer, 0, 4, offset);
  closeSync(descriptor);
  return buffer.readUInt32BE(0);
}

function write(file: string, offset: number, value: number): void {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, buffer, 0, 4, offset);
  closeSync(descriptor);
}

/** Writes the header that a database has once its log is moved into it. A checkpoint that is killed has moved that page only. */
function beginCheckpoint(file: string): void {
  write(file, PAGES_OFFSET, 100);
  write(file, VALID_FOR_OFFSET, read(file, COUNTER_OFFSET));
}

test("a database whose gateway was killed while it moved its write-ahead log into it is not damaged", () => {
  const { folder, file } = killedState();
  beginCheckpoint(file);
  checkState(folder, folder);
  const db = new DatabaseSync(file);
  expect(db.prepare("SELECT COUNT(*) AS n FROM t").get()).toEqual({ n: 500 });
  db.close();
});

test("a database that is shorter than its header says, without a log, is damaged", () => {
  const { folder, file } = killedState();
  beginCheckpoint(file);
  truncateSync(`${file}-wal`, 0);
  expect(() => checkState(folder, folder)).toThrow("state.sqlite is too short");
});
