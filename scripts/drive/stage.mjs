import { Gateway } from "./gateway.mjs";
import { Receiver } from "./receiver.mjs";

/** A gateway and its receivers on this machine. */
export class Stage {
  /** @type {{ start(): Promise<void>, stop(): void }[]} */
  #servers = [];

  /** @param {{ throughNpm?: boolean, env?: Record<string, string> }} [options] */
  constructor(options) {
    this.gateway = new Gateway(options);
  }

  /**
   * Starts a server that stops with the stage.
   * @template {{ start(): Promise<void>, stop(): void }} Server
   * @param {Server} server
   */
  async open(server) {
    this.#servers.push(server);
    await server.start();
    return server;
  }

  /**
   * Creates a receiver and a destination that points to it, with matching signatures.
   * @param {string} name
   * @param {object} [fields] of the destination
   */
  async receiver(name, fields = {}) {
    const receiver = await this.open(new Receiver());
    const destination = await this.gateway.create("destinations", { name, url: receiver.url, ...fields });
    receiver.secret = destination.signing_secret;
    return { receiver, destination };
  }

  /**
   * Creates an integration and a route from it to destinations.
   * @param {{ name: string, type: string, options?: object, auth?: object, transformation_id?: string }} fields
   * @param {{ id: string }[]} destinations
   * @param {object} [route] more fields of the route
   */
  async route(fields, destinations, route = {}) {
    const integration = await this.gateway.create("integrations", fields);
    const destination_ids = destinations.map(({ id }) => id);
    await this.gateway.create("routes", {
      name: fields.name,
      integration_ids: [integration.id],
      destination_ids,
      ...route,
    });
    return integration;
  }

  async strike() {
    for (const server of this.#servers) server.stop();
    await this.gateway.dispose();
  }
}
