const TOLERANCE_SECONDS = 300;
const REMEMBER_SECONDS = 7 * 24 * 60 * 60;

/** Whether one of the signatures in the header is that of the secret. There are several while a secret is rotated. */
async function isSigned(secret, signed, header) {
  const key = Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (character) => character.charCodeAt(0));
  const usage = ["verify"];
  const hmac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, usage);
  for (const signature of header.split(" ")) {
    const [version, text] = signature.split(",", 2);
    if (version !== "v1" || !/^[A-Za-z0-9+/]+={0,2}$/.test(text ?? "")) continue;
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    if (await crypto.subtle.verify("HMAC", hmac, bytes, signed)) return true;
  }
  return false;
}

async function verify(request, body, secret) {
  const id = request.headers.get("webhook-id") ?? "";
  const timestamp = request.headers.get("webhook-timestamp") ?? "";
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  if (id === "" || !isRecent) return null;
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array([...head, ...body]);
  return (await isSigned(secret, signed, request.headers.get("webhook-signature") ?? "")) ? id : null;
}

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("This address takes POST.\n", { status: 405 });
    const body = new Uint8Array(await request.arrayBuffer());
    const id = await verify(request, body, env.SIGNING_SECRET);
    if (id === null) return new Response("The signature was not accepted.\n", { status: 401 });
    if ((await env.SEEN.get(id)) !== null) return new Response(null, { status: 204 });

    const { type, data } = JSON.parse(new TextDecoder().decode(body));
    console.log(`${type} ${data.alert?.title ?? data.event?.id ?? ""}`); // your work goes here

    await env.SEEN.put(id, "1", { expirationTtl: REMEMBER_SECONDS });
    return new Response(null, { status: 204 });
  },
};
