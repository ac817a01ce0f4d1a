import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Starts a script of `processes/`. `ask` sends it an argument and resolves with its response. The script ends with this
 * process.
 * @param {string} script
 * @param {string[]} [args]
 */
export async function startHelper(script, args = []) {
  const child = fork(fileURLToPath(new URL(`./processes/${script}`, import.meta.url)), args, {
    serialization: "advanced",
  });
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let calls = 0;
  const exited = once(child, "exit").then(() => {
    const error = new Error(`${script} has ended.`);
    for (const { reject } of waiting.values()) reject(error);
    throw error;
  });
  exited.catch(() => {});
  const [{ port = 0 }] = await Promise.race([once(child, "message"), exited]);
  child.on("message", (/** @type {any} */ { call, answer, fault }) => {
    const asked = waiting.get(call);
    waiting.delete(call);
    if (fault === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(fault));
  });

  return {
    /** @type {number} */
    port,
    /** @param {unknown} argument @returns {Promise<any>} */
    ask(argument) {
      const call = ++calls;
      return new Promise((resolve, reject) => {
        waiting.set(call, { resolve, reject });
        child.send({ call, argument: /** @type {any} */ (argument) });
      });
    },
    async stop() {
      child.disconnect();
      await exited.catch(() => {});
    },
  };
}
