import { isInteractive } from "../terminal/prompt.ts";

const CTRL_C = "\u0003";

/** What the keys do while a command listens. */
export type Keys = { readonly r: () => Promise<void>; readonly o: () => void };

/** Handles keys on a terminal until the returned function is called. `q` and Ctrl+C end the command. */
export function watchKeys({ r, o }: Keys): () => void {
  const { stdin } = process;
  if (!isInteractive()) return () => {};
  const onData = (data: Buffer): void => {
    const key = data.toString();
    if (key === "q" || key === CTRL_C) process.emit("SIGINT");
    else if (key === "r") void r();
    else if (key === "o") o();
  };
  stdin.setRawMode(true);
  stdin.on("data", onData);
  return () => {
    stdin.off("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
