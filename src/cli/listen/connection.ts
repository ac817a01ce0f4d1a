import { WebSocket } from "ws";
import { LISTEN_CHANGED, LISTEN_CLOSE, LISTEN_PING, LISTEN_PING_MS, LISTEN_PONG } from "../../model/connection.ts";
import type { ListenRequest } from "../../model/listen.ts";
import { parseJson } from "../../model/portable-json.ts";
import { CommandError } from "../failure.ts";
import type { Incoming } from "./forward.ts";

const HANDSHAKE_MS = 20_000;
/** A gateway that has sent nothing for this long, in ms, is not connected any more, whatever the network says. */
const SILENT_MS = 2.5 * LISTEN_PING_MS;
const MAX_FRAME_BYTES = 2_000_000;

/** What happens on a connection. */
export type Events = {
  readonly onOpen: (send: (text: string) => void) => void;
  readonly onRequest: (incoming: Incoming, send: (text: string) => void) => void;
  /** The configuration of the gateway has changed. */
  readonly onChange: () => void;
};

function parseRequest(text: string): ListenRequest | null {
  const message = parseJson<ListenRequest | { readonly type: "other" }>(text);
  return message.type === "request" ? message : null;
}

/** Joins the frames of requests: a text, and the frames with the body that it announces. */
function createReader(onRequest: (incoming: Incoming) => void): (data: Buffer, isBinary: boolean) => void {
  let request: ListenRequest | null = null;
  let chunks: Buffer[] = [];
  let missing = 0;
  return (data, isBinary) => {
    if (isBinary) {
      chunks.push(data);
      missing -= data.byteLength;
    } else {
      request = parseRequest(data.toString());
      chunks = [];
      missing = request?.bytes ?? 0;
    }
    if (request === null || missing > 0) return;
    onRequest({ request, body: new Uint8Array(Buffer.concat(chunks)) });
    request = null;
  };
}

const REFUSED = new Map([
  [401, "The gateway does not accept the token any more."],
  [403, "The token lacks the scope `write`."],
  [404, "The destination of this command was deleted."],
  [409, "The gateway does not let commands listen: it lacks the binding LISTENERS."],
]);

function endOf(code: number): CommandError | null {
  if (code === LISTEN_CLOSE.replaced) return new CommandError("Another command listens to this destination now.");
  if (code === LISTEN_CLOSE.ended) {
    return new CommandError("The token of this command has ended, or lacks the scope `write` now.");
  }
  if (code === LISTEN_CLOSE.deleted) return new CommandError("The destination of this command was deleted.");
  return null;
}

/**
 * Connects to the gateway and resolves when the connection is lost, with the reason. Rejects if connecting again is of no
 * use. `signal` closes the connection.
 */
export async function connect(url: string, token: string, signal: AbortSignal, events: Events): Promise<string> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const send = (text: string): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
  };
  let heardAt = Date.now();
  const timer = setInterval(() => {
    // After sleep, this finds a connection that the other side gave up long ago.
    if (Date.now() - heardAt > SILENT_MS) socket.terminate();
    else send(LISTEN_PING);
  }, LISTEN_PING_MS / 4);
  const onAbort = (): void => socket.close(1000);
  signal.addEventListener("abort", onAbort);
  const read = createReader((incoming) => events.onRequest(incoming, send));
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.on("open", () => events.onOpen(send));
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        heardAt = Date.now();
        const text = isBinary ? "" : data.toString();
        if (text === LISTEN_CHANGED) events.onChange();
        else if (text !== LISTEN_PONG) read(data, isBinary);
      });
      socket.on("unexpected-response", (_request, response) => {
        response.resume();
        const { statusCode = 0 } = response;
        const refused = REFUSED.get(statusCode);
        if (refused === undefined) resolve(`the gateway responded with status ${statusCode}`);
        else reject(new CommandError(refused));
        socket.terminate();
      });
      socket.on("error", (error: Error) => resolve(reasonOf(error)));
      socket.on("close", (code) => {
        const end = endOf(code);
        if (end === null) resolve("the connection was closed");
        else reject(end);
      });
      if (signal.aborted) onAbort();
    });
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", onAbort);
    // An error may follow the end, which nobody waits for.
    socket.on("error", () => {});
    socket.terminate();
  }
}

function reasonOf(error: Error): string {
  if (!("code" in error) || typeof error.code !== "string") return "the gateway could not be reached";
  return error.code === "ECONNREFUSED" ? "the gateway refuses connections" : `the network failed (${error.code})`;
}
