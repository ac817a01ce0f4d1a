import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../drive/gateway.mjs";
import { endWithUs } from "./runtime.mjs";

const START_WITHIN_MS = 60_000;

/**
 * The flow: http in → token check → http response, and an http request to the receiver.
 * @param {string} target
 * @param {string} token
 */
function flowOf(target, token) {
  const check = `if (msg.req.headers["x-token"] !== ${JSON.stringify(token)}) { msg.statusCode = 403; return [msg, null]; }
const answer = { req: msg.req, res: msg.res, payload: { status: "success" }, statusCode: 200 };
return [answer, { payload: msg.payload, headers: { "content-type": "application/json" } }];`;
  const at = { z: "tab", x: 100, y: 100 };
  return [
    { id: "tab", type: "tab", label: "Forward" },
    { ...at, id: "in", type: "http in", url: "/hook", method: "post", upload: false, wires: [["check"]] },
    { ...at, id: "check", type: "function", func: check, outputs: 2, libs: [], wires: [["answer"], ["post"]] },
    { ...at, id: "answer", type: "http response", statusCode: "", headers: {}, wires: [] },
    {
      ...at,
      id: "post",
      type: "http request",
      method: "POST",
      ret: "txt",
      url: target,
      paytoqs: "ignore",
      wires: [[]],
    },
  ];
}

/**
 * Starts the Node-RED that is installed in a folder, with a forwarding flow.
 * @param {string} folder
 * @param {string} userFolder
 * @param {string} target
 * @param {string} token
 */
export async function startNodeRed(folder, userFolder, target, token) {
  const port = await freePort();
  const settings = join(userFolder, "settings.js");
  const flows = join(userFolder, "flows.json");
  const options = {
    uiHost: "127.0.0.1",
    uiPort: port,
    httpAdminRoot: false,
    logging: { console: { level: "off" } },
    telemetry: { enabled: false },
    flowFile: flows,
  };
  writeFileSync(settings, `module.exports = ${JSON.stringify(options)};`);
  writeFileSync(flows, JSON.stringify(flowOf(target, token)));
  const script = join(folder, "node_modules", "node-red", "red.js");
  const child = spawn(process.execPath, [script, "-s", settings, "-u", userFolder], { stdio: "ignore" });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  endWithUs(child);
  for (const until = performance.now() + START_WITHIN_MS; performance.now() < until; await sleep(100)) {
    if (child.exitCode !== null) throw new Error("Node-RED did not start.");
    const answer = await fetch(`http://127.0.0.1:${port}/hook`, { method: "POST" }).catch(() => null);
    if (answer?.status === 403) return { port, stop };
  }
  await stop();
  throw new Error("Node-RED did not answer in time.");
}
