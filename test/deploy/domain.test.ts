import { expect, test } from "vitest";
import { ApiFault } from "./answers.ts";
import { Cloudflare } from "./cloudflare.ts";
import { clone, deployIn } from "./run.ts";

test("a gateway at a host of its own leaves workers.dev, and an upgrade keeps the host and the plan", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  const folder = await clone();
  const args = ["--name", "hooks", "--domain", "hooks.example.com", "--plan", "paid", "--no-wait"];
  const first = await deployIn(folder, cloudflare, args);
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" });
  expect(first.stdout).toContain("https://hooks.example.com");
  expect([...account.domains]).toEqual([["hooks.example.com", "hooks"]]);
  expect(account.worker("hooks")).toMatchObject({ isOnWorkersDev: false, limits: { cpu_ms: 60_000 } });
  expect(account.boundBy("hooks")).toMatchObject({ LOADER: "worker_loader", HOOKGATE_PLAN: "paid" });

  const second = await deployIn(folder, cloudflare, ["--name", "hooks", "--no-wait"]);
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" });
  expect(second.stdout).toContain("https://hooks.example.com");
  expect([...account.domains]).toEqual([["hooks.example.com", "hooks"]]);
  expect(account.worker("hooks").isOnWorkersDev).toBe(false);
  expect(account.boundBy("hooks")).toMatchObject({ LOADER: "worker_loader", HOOKGATE_PLAN: "paid" });
});

test("a host outside of the account is refused with what to do, and the secrets are not lost", async () => {
  const cloudflare = await Cloudflare.start();
  const permit = cloudflare.refuse("PUT", /\/domains\/records$/, new ApiFault(400, 100_117, "Zone not found"));
  const folder = await clone();
  const first = await deployIn(folder, cloudflare, ["--name", "hooks", "--domain", "hooks.example.org", "--no-wait"]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain("The host must be in a zone of this account.");
  expect(first.stderr).toContain("Its secrets are in .hookgate/hooks.secrets");
  expect(cloudflare.account.worker("hooks").isOnWorkersDev).toBe(false);
  permit();
  const second = await deployIn(folder, cloudflare, ["--name", "hooks", "--no-wait"]);
  expect(second.stdout).toContain("https://hooks.acme.workers.dev");
  expect(cloudflare.account.worker("hooks").isOnWorkersDev).toBe(true);
});
