// The floor of ingest: reads the body, sends it to a queue and answers. Its consumer, where it is attached, does nothing.

export default {
  /** @param {Request} request @param {any} env */
  async fetch(request, env) {
    await env.EVENTS.send(await request.text(), { contentType: "text" });
    return Response.json({ status: "success" });
  },
  async queue() {},
};
