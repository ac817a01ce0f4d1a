import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { Gateway, freePort, launch, temporaryFolder } from "../../scripts/drive/gateway.mjs";
import { migrationNames } from "../../scripts/schema/render.mjs";
import { newGateway } from "./stand.ts";

async function failsToStart(
  args: string[],
  env: Record<string, string> = {},
  folder: string = temporaryFolder(),
): Promise<string> {
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { output, ended } = launch([...args, "--persist-to", folder], { env });
  expect(await ended, output.text).toBe(1);
  expect(output.text).not.toMatch(/^\s+at /m);
  return output.text;
}

describe("npm start says what is wrong and exits with 1", () => {
  test("where the state is a file", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "state"), "");
    const output = await failsToStart(["--port", String(await freePort())], {}, folder);
    expect(output).toContain(`${join(folder, "state")} is not a folder`);
  });

  test("where MASTER_KEY is not 32 bytes", async () => {
    const secret = "bm90LTMyLWJ5dGVz";
    const output = await failsToStart(["--port", String(await freePort())], { MASTER_KEY: secret });
    expect(output).toContain("MASTER_KEY");
    expect(output).not.toContain(secret);
  });

  test("where RETRY_SCHEDULE is no list of numbers", async () => {
    const output = await failsToStart(["--port", String(await freePort())], { RETRY_SCHEDULE: "1,soon" });
    expect(output).toContain("RETRY_SCHEDULE");
  });

  test("where the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    expect(await failsToStart(["--port", port])).toContain(`Port ${port} is in use`);
  });

  test.each(["0", "two", "100", "1.5"])("where --shards is %s", async (shards) => {
    expect(await failsToStart(["--shards", shards])).toContain("--shards has to be a number from 1 to 99");
  });

  test("where an option is unknown", async () => {
    expect(await failsToStart(["--prot", "1"])).toContain("--prot");
  });

  test("where another gateway uses the folder", async () => {
    const gateway = newGateway();
    await gateway.start();
    const { output, ended } = launch(["--port", String(await freePort()), "--persist-to", gateway.folder]);
    expect(await ended).toBe(1);
    expect(output.text).toContain("Another gateway is using");
  });
});

test("two gateways run side by side and know nothing of each other", async () => {
  const [one, other] = [newGateway(), newGateway()];
  await Promise.all([one.start(), other.start()]);
  await one.create("integrations", { name: "Only here", type: "pagertree" });
  expect((await one.api("GET", "/integrations")).body.data).toHaveLength(1);
  expect((await other.api("GET", "/integrations")).body.data).toEqual([]);
});

test("what was configured is there after a restart, and gone after --reset", async () => {
  const gateway = newGateway();
  await gateway.start();
  const { id } = await gateway.create("integrations", { name: "Kept", type: "pagertree" });
  await gateway.end("SIGTERM");
  await gateway.start();
  expect((await gateway.api("GET", `/integrations/${id}`)).status).toBe(200);
  await gateway.end("SIGTERM");

  await gateway.start(["--reset"]);
  expect((await gateway.api("GET", `/integrations/${id}`)).status).toBe(404);
});

describe("a damaged state is one sentence that names its folder and the way out", () => {
  const killed = new Gateway();

  beforeAll(async () => {
    await killed.start();
    await killed.create("integrations", { name: "Kept", type: "pagertree" });
    // A gateway that ends properly can leave no write-ahead log.
    await killed.end("SIGKILL");
  });
  afterAll(() => killed.dispose());

  function isDatabase(name: string): boolean {
    return /D1DatabaseObject\/\w+\.sqlite$/.test(name) && !name.includes("metadata");
  }

  const overwrite = (file: string, from: number): void => {
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x5a, from));
  };

  /** Moves the write-ahead log into the database file. */
  const settle = (file: string): void => {
    const db = new DatabaseSync(file);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
  };

  test.each<[string, (file: string) => void]>([
    [
      "truncated",
      (file) => {
        settle(file);
        truncateSync(file, 9_000);
      },
    ],
    [
      "overwritten",
      (file) => {
        settle(file);
        overwrite(file, 0);
      },
    ],
    [
      "overwritten behind its first page",
      (file) => {
        settle(file);
        overwrite(file, 4_096);
      },
    ],
    ["emptied beside its write-ahead log", (file) => truncateSync(file, 0)],
    ["missing beside its write-ahead log", (file) => rmSync(file)],
    ["beside a log that was overwritten", (file) => overwrite(`${file}-wal`, 0)],
  ])("where its database is %s", async (_, damage) => {
    const gateway = newGateway();
    cpSync(killed.folder, gateway.folder, { recursive: true });
    const names = readdirSync(gateway.folder, { recursive: true, encoding: "utf8" }).filter(isDatabase);
    expect(names).toHaveLength(1);
    for (const name of names) damage(join(gateway.folder, name));
    const { output, ended } = launch(["--port", String(await freePort()), "--persist-to", gateway.folder]);
    expect(await ended, output.text).toBe(1);
    expect(output.text).toContain(`The state in ${gateway.folder} is damaged`);
    expect(output.text).toContain("--reset");
    expect(output.text).not.toMatch(/^\s+at /m);
    // npm shows its command in lines of its own.
    expect(output.text.split("\n").filter((line) => line !== "" && !line.startsWith(">"))).toHaveLength(1);
    await gateway.start(["--reset"]);
    expect((await gateway.api("GET", "/integrations")).body.data).toEqual([]);
  });
});

/** Runs a statement in each database that a gateway has left. Returns the rows of each. */
function inDatabases(folder: string, sql: string): Record<string, unknown>[][] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const databases = names.filter((name) => /D1DatabaseObject\/\w+\.sqlite$/.test(name) && !name.includes("metadata"));
  return databases.map((name) => {
    const db = new DatabaseSync(join(folder, name));
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  });
}

describe("migrations", () => {
  const ROOT = join(import.meta.dirname, "../..");
  const APPLIED = "SELECT * FROM d1_migrations ORDER BY id";

  test("are applied to each shard once, and wrangler agrees", async () => {
    const gateway = newGateway();
    await gateway.start(["--shards", "2"]);
    await gateway.end("SIGTERM");
    const applied = inDatabases(gateway.folder, APPLIED);
    const names = migrationNames(join(ROOT, "migrations"));
    expect(applied.map((rows) => rows.map(({ name }) => name))).toEqual([names, names]);

    await gateway.start(["--shards", "2"]);
    await gateway.end("SIGTERM");
    expect(inDatabases(gateway.folder, APPLIED)).toEqual(applied);

    const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
    const asWranglers = temporaryFolder();
    onTestFinished(() => rmSync(asWranglers, { recursive: true, force: true }));
    symlinkSync(join(gateway.folder, "state"), join(asWranglers, "v3"));
    const list = ["d1", "migrations", "list", "hookgate", "--local", "--persist-to", asWranglers];
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
    const said = execFileSync(process.execPath, [wrangler, ...list], { cwd: ROOT, env, encoding: "utf8" });
    expect(said).toContain("No migrations to apply");
  });

  test.each([
    [
      "from before there were any",
      "CREATE TABLE local_schema (hash TEXT NOT NULL)",
      "from a version before migrations",
    ],
    ["of a later version", "INSERT INTO d1_migrations (name) VALUES ('9999_later.sql')", "9999_later.sql"],
  ])("of a state %s: npm start refuses it in one sentence with the folder and --reset", async (_, sql, reason) => {
    const gateway = newGateway();
    await gateway.start();
    await gateway.end("SIGTERM");
    inDatabases(gateway.folder, sql);
    const { output, ended } = launch(["--port", String(gateway.port), "--persist-to", gateway.folder]);
    expect(await ended).toBe(1);
    const last = output.text.trim().split("\n").at(-1) ?? "";
    expect(last).toContain(`The state in ${gateway.folder} is `);
    expect(last).toContain(reason);
    expect(last).toContain(`\`npm start -- --persist-to ${gateway.folder} --reset\` to delete`);
    expect(output.text).not.toContain("Hookgate is running");
    await gateway.start(["--reset"]);
  });
});

test("it listens on both loopback addresses where the machine has both", async () => {
  const gateway = newGateway();
  await gateway.start();
  expect((await fetch(`http://127.0.0.1:${gateway.port}/health`)).status).toBe(200);
  const probe = createServer();
  const hasIpv6 = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(0, "::1", () => probe.close(() => resolve(true)));
  });
  if (!hasIpv6) return;
  expect((await fetch(`http://[::1]:${gateway.port}/health`)).status).toBe(200);
});

test("the runtime ends with a start script that is killed outright", async () => {
  const gateway = newGateway({ throughNpm: false });
  await gateway.start();
  await gateway.end("SIGKILL");
  await vi.waitFor(() => expect(fetch(`${gateway.url}/health`)).rejects.toThrow(), { timeout: 60_000, interval: 50 });
});
