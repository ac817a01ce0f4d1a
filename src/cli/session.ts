import type { Command } from "commander";
import { type Api, createApi } from "./api.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { type GlobalFlags, globalFlagsOf } from "./globals.ts";
import { type Interrupt, interrupt } from "./interrupt.ts";
import { Names } from "./names.ts";
import { Output } from "./terminal/output.ts";

/** What a command works with. */
export type Session = {
  readonly flags: GlobalFlags;
  readonly out: Output;
  readonly interrupt: Interrupt;
  readonly connection: Connection;
  readonly api: Api;
  readonly names: Names;
};

/** The output of a command that calls no gateway. */
export function outputOf(command: Command): Output {
  const { json, color } = globalFlagsOf(command);
  return new Output({ isJson: json, wantsColor: color });
}

/** Runs once, when its result is first needed. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * What a command works with. The gateway and the token are looked for when they are first used, and it throws then if there
 * are none: wrong usage is an error of its own, also without them.
 */
export function openSession(command: Command): Session {
  const flags = globalFlagsOf(command);
  const connection = once(() => connectionOf(flags));
  const api = once(() => createApi(connection().url, connection().token, interrupt));
  return {
    flags,
    out: outputOf(command),
    interrupt,
    names: new Names(api),
    get connection() {
      return connection();
    },
    get api() {
      return api();
    },
  };
}
