import {
  LISTEN_FRAME_BYTES,
  type ListenCall,
  type ListenOutcome,
  type ListenReply,
  type ListenRequest,
} from "../model/listen.ts";

/** What the requests in flight of one listener may hold together: an object has 128 MB of memory. */
const MAX_PENDING_BYTES = 40_000_000;
const MAX_PENDING = 100;

type Pending = {
  readonly message: ListenRequest;
  readonly body: Uint8Array;
  readonly settle: (outcome: ListenOutcome) => void;
};

function sendTo(socket: WebSocket, { message, body }: Pending): void {
  socket.send(JSON.stringify(message));
  for (let at = 0; at < body.byteLength; at += LISTEN_FRAME_BYTES) {
    socket.send(body.subarray(at, at + LISTEN_FRAME_BYTES));
  }
}

/** The requests that a listener has received and not answered yet. */
export class PendingRequests {
  readonly #requests = new Map<string, Pending>();
  #bytes = 0;

  get size(): number {
    return this.#requests.size;
  }

  /** Sends a request, and waits for its reply as long as the request may take. Returns `busy` if memory does not suffice. */
  async send(socket: WebSocket, call: ListenCall, body: Uint8Array): Promise<ListenOutcome> {
    const isFull = this.size >= MAX_PENDING || this.#bytes + body.byteLength > MAX_PENDING_BYTES;
    if (isFull && this.size > 0) return { type: "busy" };
    const { destination_id: _destination, remove_after_seconds: _seconds, ...request } = call;
    const request_id = crypto.randomUUID();
    const message: ListenRequest = { type: "request", request_id, bytes: body.byteLength, ...request };
    const { promise, resolve } = Promise.withResolvers<ListenOutcome>();
    const pending = { message, body, settle: resolve };
    this.#requests.set(request_id, pending);
    this.#bytes += body.byteLength;
    const timer = setTimeout(() => resolve({ type: "timed_out" }), call.timeout_ms);
    try {
      sendTo(socket, pending);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#requests.delete(request_id);
      this.#bytes -= body.byteLength;
    }
  }

  /** Ends a request with its reply. A reply to a request that has ended is ignored. */
  receive(reply: ListenReply): void {
    this.#requests.get(reply.request_id)?.settle(reply);
  }

  /** Sends all requests again, over a new connection. */
  repeat(socket: WebSocket): void {
    for (const pending of this.#requests.values()) sendTo(socket, pending);
  }

  /** Ends all requests, because nobody listens any more. */
  abandon(): void {
    for (const { settle } of this.#requests.values()) settle({ type: "not_connected" });
  }
}
