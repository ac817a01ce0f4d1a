import { LISTEN_CHANGED, LISTEN_CLOSE, LISTEN_PING, LISTEN_PING_MS } from "../../model/connection.ts";

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** After this many attempts without a connection, the gateway is taken for one without the binding, until the tab is shown again. */
const MAX_FAILURES = 3;
/** A gateway that has answered nothing for this long, in ms, is not connected any more. */
const SILENT_MS = 2.5 * LISTEN_PING_MS;

type Timer = ReturnType<typeof setTimeout>;

/** What happens on a connection. */
export type LiveEvents = {
  readonly onOpen: () => void;
  readonly onChange: () => void;
  /** The connection is lost. It is opened again. */
  readonly onLost: () => void;
};

/** The WebSocket over which the gateway says that something has changed. */
export class LiveConnection {
  readonly #open: () => WebSocket;
  readonly #events: LiveEvents;
  #socket: WebSocket | null = null;
  #retry: Timer | undefined;
  #ping: Timer | undefined;
  #failures = 0;
  #heardAt = 0;

  constructor(open: () => WebSocket, events: LiveEvents) {
    this.#open = open;
    this.#events = events;
  }

  start(): void {
    this.stop();
    this.#failures = 0;
    this.#connect();
  }

  stop(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#ping);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1_000);
    if (socket !== null) this.#events.onLost();
  }

  #connect(): void {
    const socket = this.#open();
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#socket !== socket) return;
      this.#failures = 0;
      this.#heardAt = Date.now();
      this.#ping = setInterval(() => this.#beat(socket), LISTEN_PING_MS);
      this.#events.onOpen();
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket !== socket) return;
      this.#heardAt = Date.now();
      if (data === LISTEN_CHANGED) this.#events.onChange();
    });
    socket.addEventListener("close", ({ code }) => {
      if (this.#socket === socket) this.#lose(code);
    });
  }

  #beat(socket: WebSocket): void {
    // After sleep, this finds a connection that the other side gave up long ago.
    if (Date.now() - this.#heardAt > SILENT_MS) {
      socket.close();
      this.#lose(LISTEN_CLOSE.silent);
    } else socket.send(LISTEN_PING);
  }

  #lose(code: number): void {
    clearInterval(this.#ping);
    this.#socket = null;
    this.#events.onLost();
    // Too many dashboards are open, or the session has ended: polling shows that.
    if (code === LISTEN_CLOSE.replaced || code === LISTEN_CLOSE.ended) return;
    if (code !== LISTEN_CLOSE.renew) this.#failures++;
    if (this.#failures > MAX_FAILURES) return;
    const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 4 ** this.#failures) * (0.75 + Math.random() / 4);
    this.#retry = setTimeout(() => this.#connect(), code === LISTEN_CLOSE.renew ? 0 : waitMs);
  }
}
