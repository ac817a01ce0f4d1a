// Nothing at all, to see how fast the load generator is.

export default {
  fetch: () => new Response("ok"),
};
