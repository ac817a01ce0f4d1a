import type { Command } from "commander";
import { type Api, createApi } from "./api.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { type GlobalFlags, globalFlagsOf } from "./globals.ts";
import { Interrupt } from "./interrupt.ts";
import { Names } from "./names.ts";
import { Output } from "./terminal/output.ts";

export const interrupt = new Interrupt();

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

/** Finds the gateway and the token of a command. Throws if there are none. */
export function openSession(command: Command): Session {
  const flags = globalFlagsOf(command);
  const connection = connectionOf(flags);
  const api = createApi(connection.url, connection.token, interrupt);
  return { flags, out: outputOf(command), interrupt, connection, api, names: new Names(api) };
}
