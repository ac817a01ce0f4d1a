import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { PREPARED_FILE, prepareWorker } from "../../scripts/local/prepared.mjs";

const ROOT = join(import.meta.dirname, "../..");
const WORKER = (text: string) => `export default { fetch: () => new Response(${JSON.stringify(text)}) };\n`;

/** A checkout with a small Worker. */
function newCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), "hookgate-prepared-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const path of [
    "migrations",
    "scripts/build",
    "scripts/local",
    "scripts/schema",
    "package-lock.json",
    "wrangler.toml",
  ]) {
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  mkdirSync(join(root, "src"));
  writeFileSync(join(root, "src/index.ts"), WORKER("first"));
  return root;
}

const keptIn = (root: string) => readFileSync(join(root, PREPARED_FILE), "utf8");

describe("what a start prepared", () => {
  test("is taken by the next start, until its file is damaged or a source changes", async () => {
    const root = newCheckout();
    const first = await prepareWorker(root);
    expect(first.modules[0]?.contents).toContain("first");
    expect(first.migrations.length).toBeGreaterThan(5);
    expect(first.worker.bindings).toMatchObject({ RETENTION_DAYS: "30" });
    const { ino } = statSync(join(root, PREPARED_FILE));
    expect(await prepareWorker(root)).toEqual(first);
    expect(statSync(join(root, PREPARED_FILE)).ino).toBe(ino);
    writeFileSync(join(root, PREPARED_FILE), keptIn(root).slice(0, -100));
    expect(await prepareWorker(root)).toEqual(first);

    writeFileSync(join(root, "src/index.ts"), WORKER("second"));
    expect((await prepareWorker(root)).modules[0]?.contents).toContain("second");
    const configured = readFileSync(join(root, "wrangler.toml"), "utf8");
    writeFileSync(join(root, "wrangler.toml"), configured.replace('RETENTION_DAYS = "30"', 'RETENTION_DAYS = "31"'));
    expect((await prepareWorker(root)).worker.bindings).toMatchObject({ RETENTION_DAYS: "31" });
    expect(readdirSync(join(root, "build"))).toEqual(["worker.json"]);
  });

  test("may be made twice at the same time, and has no secret of the environment", async () => {
    vi.stubEnv("ADMIN_TOKEN", "adm_of-the-environment");
    onTestFinished(() => void vi.unstubAllEnvs());
    const root = newCheckout();
    const [one, other] = await Promise.all([prepareWorker(root), prepareWorker(root)]);
    expect(one).toEqual(other);
    expect(readdirSync(join(root, "build"))).toEqual(["worker.json"]);
    expect(keptIn(root)).not.toContain("adm_of-the-environment");
  });

  test.each([".dev.vars", ".env"])("is not kept beside %s, which can have secrets", async (name) => {
    const root = newCheckout();
    writeFileSync(join(root, name), "RETENTION_DAYS=7\n");
    expect((await prepareWorker(root)).worker.bindings).toMatchObject({ RETENTION_DAYS: "7" });
    expect(existsSync(join(root, PREPARED_FILE))).toBe(false);
  });

  test("is not taken where the environment changes it", async () => {
    const root = newCheckout();
    const configured = readFileSync(join(root, "wrangler.toml"), "utf8");
    writeFileSync(join(root, "wrangler.toml"), configured.replace("[vars]", '[vars]\nHOOKGATE_PLAN = "paid"'));
    await prepareWorker(root);
    vi.stubEnv("HOOKGATE_PLAN", "free");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await prepareWorker(root)).worker.bindings).toMatchObject({ HOOKGATE_PLAN: "free" });
    vi.unstubAllEnvs();
    expect((await prepareWorker(root)).worker.bindings).toMatchObject({ HOOKGATE_PLAN: "paid" });
  });
});
