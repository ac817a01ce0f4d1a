import { createRequire } from "node:module";

// The hand-written alternative: it checks the token, responds, and forwards the body. It stores nothing, signs nothing, and tries once.

const [folder = "", target = "", token = ""] = process.argv.slice(2);
const express = createRequire(`${folder}/`)("express");
const app = express();

app.post("/hook", express.json(), (/** @type {any} */ request, /** @type {any} */ response) => {
  if (request.get("x-token") !== token) return response.sendStatus(403);
  response.json({ status: "success" });
  const headers = { "content-type": "application/json" };
  return fetch(target, { method: "POST", headers, body: JSON.stringify(request.body) })
    .then((answer) => answer.arrayBuffer())
    .catch(() => {});
});

const server = app.listen(0, "127.0.0.1", () => process.send?.({ ready: true, port: server.address().port }));
process.on("disconnect", () => process.exit(0));
