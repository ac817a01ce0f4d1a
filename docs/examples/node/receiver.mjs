import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

const { PORT = "3000", SIGNING_SECRET = "" } = process.env;
const TOLERANCE_SECONDS = 300;
const key = Buffer.from(SIGNING_SECRET.replace(/^whsec_/, ""), "base64");
const seen = new Set();

/** Returns the id of a request whose signature is good, else null. */
function verify(headers, body) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  if (id === "" || !isRecent) return null;
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  // There are several signatures while a secret is rotated.
  const signatures = (headers["webhook-signature"] ?? "").split(" ").map((each) => each.split(",", 2));
  const isSigned = signatures.some(([version, text]) => {
    const given = Buffer.from(text ?? "", "base64");
    return version === "v1" && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
  return isSigned ? id : null;
}

const server = createServer(async (request, response) => {
  const body = await buffer(request);
  const id = verify(request.headers, body);
  if (id === null) {
    response.writeHead(401).end();
    return;
  }
  if (!seen.has(id)) {
    const { type, data } = JSON.parse(body.toString());
    console.log(`${type} ${data.alert?.title ?? data.event?.id ?? ""}`); // your work goes here
    seen.add(id);
  }
  response.writeHead(204).end();
});
server.listen(Number(PORT), () => console.log(`Listening on port ${PORT}`));
