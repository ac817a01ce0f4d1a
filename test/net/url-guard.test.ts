import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fail } from "../../src/model/result.ts";
import { checkUrl } from "../../src/net/url-guard.ts";
import { ALLOWED, DISPUTED, NEVER, OWN } from "../fixtures/disputed-urls.ts";
import { REFUSED } from "../fixtures/refused-urls.ts";
import { runs } from "../support/runs.ts";

const PUBLIC = { allowPrivate: false, ownHosts: ["gate.example.net", "alt.example.net:8443"] };
const LOCAL = { allowPrivate: true, ownHosts: ["localhost:8787"] };

const KINDS = Object.entries({
  ...REFUSED,
  "characters that readers disagree about": DISPUTED,
  "the gateway itself": OWN,
});

describe("a gateway that calls public addresses only", () => {
  describe.each(KINDS)("does not call %s:", (_kind, spellings) => {
    it.each(spellings)("%j", (text) => {
      const checked = checkUrl(text, PUBLIC);
      expect(checked.ok).toBe(false);
      if (!checked.ok) expect(checked.error).toMatch(/^[A-Z].+[./a-z]$/);
    });
  });

  it("is tried with 200 spellings or more, each of them once, and with 20 or more that are near to them", () => {
    const all = KINDS.flatMap(([, spellings]) => spellings);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(ALLOWED.length).toBeGreaterThanOrEqual(20);
  });

  it.each(ALLOWED)("calls %s", (text) => {
    expect(checkUrl(text, PUBLIC)).toEqual({ ok: true, value: new URL(text) });
  });

  it("calls no IPv4 address, however its number is written", () => {
    const spelling = fc.constantFrom(
      (n: number) => `${n}`,
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join("."),
      (n: number) => `${n >>> 24}.${n & 0xffffff}`,
      (n: number) => `0x${(n >>> 24).toString(16)}.0${((n >>> 16) & 255).toString(8)}.${n & 0xffff}`,
      (n: number) => `[::ffff:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}]`,
    );
    fc.assert(
      fc.property(fc.nat(0xffffffff), spelling, fc.constantFrom("", ":443", ":1"), (n, spell, port) => {
        expect(checkUrl(`https://${spell(n)}${port}/`, PUBLIC).ok).toBe(false);
      }),
    );
  });

  it("never returns a host that it must not call, and never throws", () => {
    const part = fc.constantFrom(
      "https://",
      "http://",
      "localhost",
      ".",
      "127",
      "0x7f",
      "@",
      "\\",
      "/",
      ":",
      "[",
      "]",
      "%",
      "a.example",
      "?",
      "#",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.array(part).map((parts) => parts.join("")),
        ),
        (text) => {
          const checked = checkUrl(text, PUBLIC);
          if (!checked.ok) return;
          expect(checked.value.protocol).toBe("https:");
          expect(checked.value.username + checked.value.password).toBe("");
          expect(checked.value.hostname).toMatch(/^[^.[\]]+(\.[^.[\]]+)+$/);
          expect(checked.value.hostname).not.toMatch(/(^|\.)localhost$|^[\d.]+$/);
        },
      ),
      { numRuns: runs(2_000) },
    );
  });
});

describe("a gateway on a developer's machine", () => {
  it.each([
    "http://localhost:9000/in",
    "http://127.0.0.1:9000",
    "https://[::1]:9000",
    "http://192.168.1.10",
    "http://host.docker.internal:3000",
    "http://receiver:8080/in",
    "http://localhost",
    "https://localhost",
    "https://hooks.example.com",
    "http://hooks.example.com:8787",
  ])("calls %s", (text) => {
    expect(checkUrl(text, LOCAL).ok).toBe(true);
  });

  it.each([
    "http://localhost:8787",
    "https://localhost:8787/integration/int_1",
    "http://LOCALHOST.:8787",
    "http://127.0.0.1:8787",
    "http://127.8.8.8:8787",
    "http://2130706433:8787",
    "http://0.0.0.0:8787",
    "http://[::1]:8787",
    "http://[::ffff:127.0.0.1]:8787",
    "http://gateway.localhost:8787",
    "http://[::ffff:0:127.0.0.1]:8787",
    "http://[::127.0.0.1]:8787",
    "http://[64:ff9b::7f00:1]:8787",
    "http://[::]:8787",
    "http://user:pass@localhost:9000",
    "http://@localhost:9000",
    "http://localhost:9000\\x",
    "http:\\\\localhost:9000",
    "http://localhost:9000/a b",
    " http://localhost:9000",
    "http://localhost:9000/\u0000",
    "ftp://localhost",
    "localhost:9000",
    "",
  ])("does not call %j", (text) => {
    expect(checkUrl(text, LOCAL).ok).toBe(false);
  });

  it.each(NEVER)("does not call %j, where a cloud hands out credentials", (text) => {
    expect(checkUrl(text, LOCAL).ok).toBe(false);
    expect(checkUrl(text.replace("http:", "https:"), PUBLIC).ok).toBe(false);
  });

  it("calls no link-local address, in any IPv6 form", () => {
    const carrier = fc.constantFrom("::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::", "2001:db8::5efe:");
    fc.assert(
      fc.property(fc.nat(0xffff), carrier, (n, prefix) => {
        expect(checkUrl(`http://[${prefix}a9fe:${n.toString(16)}]`, LOCAL).ok).toBe(false);
        expect(checkUrl(`http://[2002:a9fe:${n.toString(16)}::1]`, LOCAL).ok).toBe(false);
      }),
    );
  });

  it.each(["http://[2001:db8::1]:9000", "http://[64:ff9b::a00:1]", "http://[fd00::1]:9000", "http://metadata.test"])(
    "calls %s, which is near to what it never calls",
    (text) => expect(checkUrl(text, LOCAL).ok).toBe(true),
  );

  it("knows its own address without a port on either scheme's own port", () => {
    const rules = { allowPrivate: true, ownHosts: ["gate.test"] };
    for (const own of ["http://gate.test", "https://gate.test", "http://gate.test:443", "https://gate.test:80"]) {
      expect(checkUrl(own, rules).ok).toBe(false);
    }
    expect(checkUrl("http://gate.test:9000", rules).ok).toBe(true);
    expect(checkUrl("http://localhost:80", { allowPrivate: true, ownHosts: ["localhost:80"] }).ok).toBe(false);
    expect(checkUrl("http://localhost:80", { allowPrivate: true, ownHosts: ["not a host"] }).ok).toBe(true);
  });

  it.each(["http://mylocalhost:8787", "http://localhost.example.com:8787"])("does not take %s for itself", (text) => {
    expect(checkUrl(text, LOCAL).ok).toBe(true);
  });

  it.each(["xhttps://localhost:9000", "ftp://localhost/http://localhost:9000"])("does not call %s", (text) => {
    expect(checkUrl(text, LOCAL)).toEqual(fail("The URL must start with http:// or https:// and a host name."));
    expect(checkUrl(text, PUBLIC)).toEqual(fail("The URL must start with https:// and a host name."));
  });

  it("knows its own address by the port that is named, the default of a scheme and IPv6 too", () => {
    const isCalled = (text: string, own: string) => checkUrl(text, { allowPrivate: true, ownHosts: [own] }).ok;
    expect(isCalled("https://gate.test", "gate.test:443")).toBe(false);
    expect(isCalled("http://gate.test", "gate.test:443")).toBe(true);
    expect(isCalled("http://[2001:db8::1]:8787", "[2001:db8::1]:8787")).toBe(false);
    expect(isCalled("http://[2001:db8::1]:9000", "[2001:db8::1]:8787")).toBe(true);
    expect(isCalled("http://[2001:db8::1]", "[2001:db8::1]")).toBe(false);
  });
});

describe("the bounds of a URL", () => {
  const host = [63, 63, 63, 61].map((length) => "a".repeat(length)).join(".");

  it("are 253 characters of a host", () => {
    expect(host).toHaveLength(253);
    expect(checkUrl(`https://${host}`, PUBLIC).ok).toBe(true);
    expect(checkUrl(`https://${host}a`, PUBLIC)).toEqual(fail("This is not a valid host name."));
  });

  it("are 2,048 characters in all", () => {
    const url = "https://hooks.example.com/".padEnd(2_048, "x");
    expect(checkUrl(url, PUBLIC).ok).toBe(true);
    expect(checkUrl(`${url}x`, PUBLIC)).toEqual(fail("The URL must be at most 2048 characters long."));
  });

  it("leave out the dot at the end of a host", () => {
    expect(checkUrl("https://hooks.example.com.", PUBLIC)).toEqual(fail("The host name must not end with a dot."));
  });
});
