import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { arrives, standUp } from "./listening.ts";
import { temporary } from "./run.ts";
import { HAS_TERMINAL, Terminal } from "./terminal.ts";

describe.skipIf(!HAS_TERMINAL)("on a terminal, listen", () => {
  test("sends the last event again with r, opens it with o, and leaves nothing after q", async () => {
    const { gateway, receiver, env, post } = await standUp();
    const folder = temporary();
    const opened = join(folder, "opened");
    const browser = join(folder, "browser");
    writeFileSync(browser, `#!/bin/sh\necho "$1" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`);
    chmodSync(browser, 0o755);
    const terminal = new Terminal(["listen", "Orders", "--forward-to", receiver.url], { ...env, BROWSER: browser });
    await terminal.shows("Keys: r sends the last event again, o opens it in the dashboard, q quits.");
    await terminal.shows("Connected to");
    terminal.type("r");
    await terminal.shows("No event has arrived yet.");
    await post({ n: 1 });
    await arrives(receiver, [1]);
    await terminal.shows("event.received");
    terminal.type("r");
    await terminal.shows("Sending evt_");
    await arrives(receiver, [1, 1]);
    const [first, second] = receiver.arrivals;
    expect(second?.data.event.id).toBe(first?.data.event.id);
    terminal.type("o");
    await vi.waitFor(() => expect(existsSync(opened)).toBe(true), WITHIN);
    expect(readFileSync(opened, "utf8").trim()).toBe(`${gateway.url}/events/${first?.data.event.id}`);
    terminal.type("q");
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toContain("Removed the destination and the route of this command.");
    for (const path of ["/destinations", "/routes"]) expect((await gateway.api("GET", path)).body.data).toEqual([]);
  });
});
