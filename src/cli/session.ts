import type { Command } from "commander";
import { type Api, createApi } from "./api.ts";
import { type Connection, type ConnectionFlags, connectionOf } from "./connection.ts";
import { Interrupt } from "./interrupt.ts";
import { Names } from "./names.ts";
import { Output } from "./terminal/output.ts";

export type GlobalFlags = ConnectionFlags & { readonly json?: true; readonly color: boolean };

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
  const { json, color } = command.optsWithGlobals<GlobalFlags>();
  return new Output({ isJson: json === true, wantsColor: color });
}

/** Finds the gateway and the token of a command. Throws if there are none. */
export function openSession(command: Command): Session {
  const flags = command.optsWithGlobals<GlobalFlags>();
  const connection = connectionOf(flags);
  const api = createApi(connection.url, connection.token, interrupt);
  return { flags, out: outputOf(command), interrupt, connection, api, names: new Names(api) };
}
