/** The body of a message: an object if the payload is JSON, else a text, else bytes. */
function bodyOf({ encoding, body }) {
  if (encoding !== "base64") return body;
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}

export default {
  async queue(batch, env) {
    for (const message of batch.messages) {
      const { id, type } = message.body;
      // A delivery has the same id on every attempt.
      if ((await env.SEEN.get(id)) === null) {
        const body = bodyOf(message.body);
        console.log(`${type} ${body?.data?.alert?.title ?? id}`); // your work goes here
        await env.SEEN.put(id, "1", { expirationTtl: 7 * 24 * 60 * 60 });
      }
      message.ack();
    }
  },
};
