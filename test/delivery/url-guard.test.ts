import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkUrl } from "../../src/delivery/url-guard.ts";

const PUBLIC = { allowPrivate: false, ownHosts: ["gate.example.net", "alt.example.net:8443"] };
const LOCAL = { allowPrivate: true, ownHosts: ["localhost:8787"] };

const REFUSED = [
  // other schemes, and things that are no URL
  "",
  "nope",
  "hooks.example.com",
  "//hooks.example.com",
  "http://hooks.example.com",
  "HTTP://hooks.example.com",
  "ftp://hooks.example.com",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:text/plain,hi",
  "ws://hooks.example.com",
  "https:hooks.example.com",
  "https:/hooks.example.com",
  "https:///hooks.example.com",
  "https://",
  "https://?a",
  "https://:443",
  "https://hooks.example.com:99999",
  "https://hooks.example.com:port",
  "https://[",
  "https://hooks..example.com",
  "https://.example.com",
  `https://${"a".repeat(64)}.example.com`,
  `https://${"abcdefgh.".repeat(30)}com`,
  `https://hooks.example.com/${"a".repeat(2048)}`,
  // IPv4 in every spelling
  "https://127.0.0.1",
  "https://127.0.0.1:8443/x",
  "https://127.1",
  "https://127.0.1",
  "https://2130706433",
  "https://0x7f000001",
  "https://0x7F.0.0.1",
  "https://0x7f.1",
  "https://0177.0.0.1",
  "https://017700000001",
  "https://127.0.0.1.",
  "https://0",
  "https://0.0.0.0",
  "https://10.0.0.1",
  "https://172.16.0.1",
  "https://192.168.1.1",
  "https://100.64.0.1",
  "https://169.254.169.254/latest/meta-data/",
  "https://0xa9fea9fe",
  "https://2852039166",
  "https://0251.0376.0251.0376",
  "https://255.255.255.255",
  "https://8.8.8.8",
  "https://1.1",
  "https://134744072",
  "https://%31%32%37.0.0.1",
  "https://１２７.０.０.１",
  "https://127。0。0。1",
  "https://①②⑦.0.0.1",
  // IPv6
  "https://[::1]",
  "https://[::1]:8443",
  "https://[0:0:0:0:0:0:0:1]",
  "https://[::]",
  "https://[::ffff:127.0.0.1]",
  "https://[::ffff:7f00:1]",
  "https://[::127.0.0.1]",
  "https://[64:ff9b::7f00:1]",
  "https://[fc00::1]",
  "https://[fd00:ec2::254]",
  "https://[fe80::1]",
  "https://[2606:4700:4700::1111]",
  "https://[2002:7f00:1::]",
  // reserved names, in every spelling
  "https://localhost",
  "https://LOCALHOST:3000",
  "https://localhost.",
  "https://a.localhost",
  "https://a.b.LocalHost.",
  "https://%6cocalhost",
  "https://ｌｏｃａｌｈｏｓｔ",
  "https://ⓛocalhost",
  "https://loc\u00adalhost",
  "https://printer.local",
  "https://printer.local.",
  "https://db.internal",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://metadata.google.internal.",
  "https://METADATA.GOOGLE.INTERNAL",
  "https://router.home.arpa",
  "https://home.arpa",
  "https://home.arpa.",
  "https://abcdefghij234567.onion",
  "https://a.onion.",
  "https://intranet",
  "https://intranet.",
  "https://com",
  "https://metadata",
  "https://hooks.example.com.",
  // credentials
  "https://user@hooks.example.com",
  "https://user:pass@hooks.example.com",
  "https://:@hooks.example.com",
  "https://@hooks.example.com",
  "https://hooks.example.com@evil.example.org",
  "https://hooks.example.com%2f@evil.example.org",
  // characters that readers disagree about
  "https://hooks.example.com\\@evil.example.org",
  "https:\\\\hooks.example.com",
  "https:/\\hooks.example.com",
  "https://hooks.example.com/a\\b",
  " https://hooks.example.com",
  "https://hooks.example.com ",
  "https://hooks.example.com/a b",
  "https://hooks.example.com/\n",
  "https://hooks\t.example.com",
  "ht\ntps://hooks.example.com",
  "https://hooks.example.com/\u0000",
  "https://hooks.example.com/\u007f",
  "https://hooks.example.com/\u0085",
  "https://hooks.example.com/\u00a0",
  "https://hooks.example.com/\u2028",
  "https://hooks.example.com/\u200b",
  "\ufeffhttps://hooks.example.com",
  "https://hooks.example.com/\ud800",
  // the gateway itself
  "https://gate.example.net",
  "https://gate.example.net/integration/int_1",
  "https://gate.example.net:8443",
  "https://GATE.example.net",
  "https://gate.example.net.",
  "https://%67ate.example.net",
  "https://ｇate.example.net",
  "https://alt.example.net",
  "https://alt.example.net:9000",
];

const ALLOWED = [
  "https://hooks.example.com",
  "https://hooks.example.com/in?token=a%20b&x=@#part",
  "HTTPS://Hooks.Example.COM/",
  "https://hooks.example.com:8443/in",
  "https://hooks.example.com:80/",
  "https://example.com",
  "https://localhost.example.com",
  "https://mylocalhost.com",
  "https://notlocal.com",
  "https://local.example.com",
  "https://internal.example.com",
  "https://db-internal.com",
  "https://onion.example.org",
  "https://example.arpa",
  "https://home.example.com",
  "https://myhome-arpa.com",
  "https://127.0.0.1.example.com",
  "https://10.example.com",
  "https://0x7f.example.com",
  "https://1.1.1.one",
  "https://gate.example.net.evil.example.org",
  "https://sub.gate.example.net",
  "https://gate.example.network",
  "https://mygate.example.net",
  "https://xn--bcher-kva.example",
  "https://bücher.example",
  "https://a_b.example.com",
  "https://hooks.example.com//double/../slash",
];

describe("a gateway that calls public addresses only", () => {
  it.each(REFUSED)("does not call %j", (text) => {
    const checked = checkUrl(text, PUBLIC);
    expect(checked.ok).toBe(false);
    if (!checked.ok) expect(checked.error).toMatch(/^[A-Z].+[./a-z]$/);
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

  it("never gives back a host that it should not call, and never throws", () => {
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
      { numRuns: 2000 },
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
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe",
    "http://[fe80::1]",
    "http://[::ffff:169.254.169.254]",
    "http://[fd00:ec2::254]",
    "http://metadata.google.internal",
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

  it("knows its own address without a port on either scheme's own port", () => {
    const rules = { allowPrivate: true, ownHosts: ["gate.test"] };
    for (const own of ["http://gate.test", "https://gate.test", "http://gate.test:443", "https://gate.test:80"]) {
      expect(checkUrl(own, rules).ok).toBe(false);
    }
    expect(checkUrl("http://gate.test:9000", rules).ok).toBe(true);
    expect(checkUrl("http://localhost:80", { allowPrivate: true, ownHosts: ["localhost:80"] }).ok).toBe(false);
    expect(checkUrl("http://localhost:80", { allowPrivate: true, ownHosts: ["not a host"] }).ok).toBe(true);
  });
});
