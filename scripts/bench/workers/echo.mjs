// Does nothing, to measure the load generator itself.

export default {
  fetch: () => new Response("ok"),
};
