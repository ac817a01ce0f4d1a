import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import { onTestFinished } from "vitest";

/** How a network is lost: connections are reset, or nothing passes and nobody is told. */
export type Cut = "reset" | "silent";

/** A network between a command and a gateway, which a test cuts. */
export class Network {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #cut: Cut | null = null;
  url = "";

  static async to(gatewayUrl: string): Promise<Network> {
    const network = new Network();
    const { port } = new URL(gatewayUrl);
    const server = createServer((near) => network.#join(near, Number(port)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    network.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    onTestFinished(() => {
      network.#reset();
      server.close();
    });
    return network;
  }

  #join(near: Socket, port: number): void {
    if (this.#cut === "reset") {
      near.resetAndDestroy();
      return;
    }
    const far = connect(port, "localhost");
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on("data", (chunk: Buffer) => {
        if (this.#cut === null) to.write(chunk);
      });
      from.on("error", () => {});
      from.on("close", () => {
        this.#pairs.delete(pair);
        if (this.#cut !== "silent") to.destroy();
      });
    }
  }

  #reset(): void {
    for (const socket of [...this.#pairs].flat()) socket.destroy();
  }

  cut(how: Cut): void {
    this.#cut = how;
    if (how === "reset") this.#reset();
  }

  /** What was connected during a silent cut has lost bytes, so it ends. */
  mend(): void {
    this.#reset();
    this.#cut = null;
  }
}
