// The floor of delivery: it accepts like the floor of ingest, and its consumer posts each body with four workers, as the gateway has, and acknowledges it.

const LANES = 4;

export default {
  /** @param {Request} request @param {any} env */
  async fetch(request, env) {
    await env.EVENTS.send(await request.text(), { contentType: "text" });
    return Response.json({ status: "success" });
  },
  /** @param {any} batch @param {any} env */
  async queue(batch, env) {
    const messages = batch.messages.values();
    const lane = async () => {
      for (const message of messages) {
        const headers = { "content-type": "application/json" };
        const response = await fetch(env.DESTINATION, { method: "POST", headers, body: message.body });
        await response.body?.cancel();
        if (response.ok) message.ack();
        else message.retry();
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  },
};
