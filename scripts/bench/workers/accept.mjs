// The floor of ingest: it reads the body, sends it to a queue and responds. Its consumer, if attached, does nothing.

export default {
  /** @param {Request} request @param {any} env */
  async fetch(request, env) {
    await env.EVENTS.send(await request.text(), { contentType: "text" });
    return Response.json({ status: "success" });
  },
  async queue() {},
};
