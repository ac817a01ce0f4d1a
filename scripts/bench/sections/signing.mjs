import { fileURLToPath } from "node:url";
import { buildWorker } from "../../build/worker.mjs";
import { median } from "../numbers.mjs";
import { interleave } from "../rounds.mjs";
import { startRuntime } from "../runtime.mjs";

const HMAC = {
  scheme: "hmac",
  header: "x-signature",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "sha256=",
  template: "{{timestamp}}.{{body}}",
};

const SCHEMES = {
  standard_webhooks: { scheme: "standard-webhooks" },
  standard_webhooks_ed25519: { scheme: "standard-webhooks-ed25519" },
  rfc9421_ed25519: { scheme: "rfc9421", algorithm: "ed25519" },
  rfc9421_hmac_sha256: { scheme: "rfc9421", algorithm: "hmac-sha256" },
  hmac_sha256: HMAC,
};

/** What it costs to sign a delivery, by scheme. @param {import("../gateway.mjs").Bench} bench */
export async function measureSigning(bench) {
  const { compatibilityDate, compatibilityFlags } = bench.config.worker;
  const entry = fileURLToPath(new URL("../workers/signing.mjs", import.meta.url));
  const { modules } = await buildWorker(bench.root, bench.folder("signing"), entry);
  const runtime = await startRuntime({ compatibilityDate, compatibilityFlags, modules }, bench.folder("signing"));
  const url = `http://127.0.0.1:${runtime.port}/`;
  const { signatures } = bench.plan;

  const timed = async (/** @type {object} */ signing, /** @type {number} */ times) => {
    const began = performance.now();
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ signing, times }) });
    const text = await response.text();
    if (text !== "signed") throw new Error(`Signing failed: ${text}`);
    return performance.now() - began;
  };
  // The cost of the request itself is timed too, and subtracted.
  const perSignature = (/** @type {object} */ signing) => async () => {
    const all = await timed(signing, signatures);
    return ((all - (await timed(signing, 1))) * 1000) / (signatures - 1);
  };
  const variants = Object.fromEntries(Object.entries(SCHEMES).map(([name, signing]) => [name, perSignature(signing)]));
  await interleave(1, variants);
  const rounds = await interleave(bench.plan.rounds, variants);
  await runtime.stop();
  return Object.fromEntries(Object.entries(rounds).map(([name, us]) => [`${name}_us_per_kb`, median(us)]));
}
