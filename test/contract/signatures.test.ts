import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SignatureSettings } from "../../src/model/integration-auth.ts";
import { SIGNATURE_SCHEMES } from "../../src/signing/schemes/registry.ts";
import { type Result, ok } from "../../src/model/result.ts";
import { openSecret, verifySignature } from "../../src/signing/inbound.ts";
import type { VerifyingKey } from "../../src/signing/keys.ts";
import { SENDERS } from "../support/senders.ts";
import { type Sender, type SignedRequest, type Signer, bytesOf } from "../support/signers.ts";
import { runs } from "../support/runs.ts";

const NOW = 1_790_000_000;

async function keyOf(settings: SignatureSettings, secret: string): Promise<VerifyingKey> {
  const key = await openSecret(settings, secret);
  if (key === null) throw new Error("the secret was refused");
  return key;
}

type Outcome = "accepted" | "missing" | "malformed" | "stale" | "mismatch";
type Arrived = { readonly outcome: Outcome; readonly reads: number };

async function arrive(
  settings: SignatureSettings,
  secrets: readonly string[],
  { method, url, headers }: SignedRequest,
  body: Uint8Array,
): Promise<Arrived> {
  const keys = await Promise.all(secrets.map((secret) => keyOf(settings, secret)));
  let reads = 0;
  const read = (): Promise<Result<Uint8Array, never>> => {
    reads += 1;
    return Promise.resolve(ok(body));
  };
  const head = { method, url: new URL(url), headers: new Headers(headers) };
  const verified = await verifySignature(settings, keys, head, read, NOW * 1_000 + 400);
  return { outcome: verified.ok ? "accepted" : verified.error, reads };
}

const spell = (signature: Uint8Array, encoding: Sender["encoding"]): string =>
  encoding === "hex" ? signature.toHex() : signature.toBase64();

async function requestOf(sender: Sender, signer: Signer, body: Uint8Array, at: number): Promise<SignedRequest> {
  return await sender.request([spell(await signer.sign(body, at), sender.encoding)], body, at);
}

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const index = place % bytes.length;
  return bytes.map((byte, i) => (i === index ? byte ^ 1 : byte));
}

describe.each(SENDERS.map((sender) => [sender.name, sender] as const))("%s", (_, sender) => {
  const { settings } = sender;
  const fresh = bytesOf(sender.body(NOW));

  it("accepts what is signed with the secret, and only that", async () => {
    const [own, foreign] = [await sender.create("one"), await sender.create("two")];
    const request = await requestOf(sender, own, fresh, NOW);
    expect(await arrive(settings, [own.secret], request, fresh)).toEqual({ outcome: "accepted", reads: 1 });
    expect(await arrive(settings, [foreign.secret], request, fresh)).toEqual({ outcome: "mismatch", reads: 1 });
  });

  it("accepts either secret while one is rotated out", async () => {
    const [current, previous] = [await sender.create("new"), await sender.create("old")];
    const secrets = [current.secret, previous.secret];
    for (const signer of [current, previous]) {
      const request = await requestOf(sender, signer, fresh, NOW);
      expect((await arrive(settings, secrets, request, fresh)).outcome).toBe("accepted");
    }
  });

  it("refuses a body of which one bit changed, wherever", async () => {
    const signer = await sender.create("one");
    const request = await requestOf(sender, signer, fresh, NOW);
    await fc.assert(
      fc.asyncProperty(fc.nat(fresh.length - 1), async (place) => {
        expect((await arrive(settings, [signer.secret], request, flipped(fresh, place))).outcome).toBe("mismatch");
      }),
      { numRuns: runs(150) },
    );
    const cut = fresh.subarray(0, -1);
    expect((await arrive(settings, [signer.secret], request, cut)).outcome).toBe("mismatch");
    expect((await arrive(settings, [signer.secret], request, new Uint8Array(0))).outcome).toBe("mismatch");
  });

  it("refuses the same JSON written anew", async () => {
    const signer = await sender.create("one");
    const request = await requestOf(sender, signer, fresh, NOW);
    const rewritten = bytesOf(JSON.stringify(JSON.parse(sender.body(NOW))));
    expect((await arrive(settings, [signer.secret], request, rewritten)).outcome).toBe("mismatch");
  });

  it("covers bytes, not the text that they decode to", async () => {
    const signer = await sender.create("one");
    const [raw, other] = [Uint8Array.of(0x7b, 0xff, 0x7d), Uint8Array.of(0x7b, 0xfe, 0x7d)];
    const request = await requestOf(sender, signer, raw, NOW);
    // Linear's time is in the body, so that one without it is never accepted.
    const expected = settings.scheme === "linear" ? "malformed" : "accepted";
    expect((await arrive(settings, [signer.secret], request, raw)).outcome).toBe(expected);
    expect((await arrive(settings, [signer.secret], request, other)).outcome).toBe("mismatch");
  });

  it("refuses a request without a signature, without reading it", async () => {
    const signer = await sender.create("one");
    const request = await requestOf(sender, signer, fresh, NOW);
    const { [sender.header]: _removed, ...others } = request.headers;
    for (const headers of [others, {}, { ...others, [sender.header]: "" }, { ...others, [sender.header]: "  " }]) {
      expect(await arrive(settings, [signer.secret], { ...request, headers }, fresh)).toEqual({
        outcome: "missing",
        reads: 0,
      });
    }
  });

  it.each(["x", "=", ",", "v1=", "sha256=", "v0=", "v1,", "v1a,", "t=,v1=", "t=1", "null", "a,b,c", "s1,"])(
    "refuses %j in place of the signature header",
    async (value) => {
      const signer = await sender.create("one");
      const request = await requestOf(sender, signer, fresh, NOW);
      const headers = { ...request.headers, [sender.header]: value };
      const { outcome } = await arrive(settings, [signer.secret], { ...request, headers }, fresh);
      expect(["malformed", "mismatch"]).toContain(outcome);
    },
  );

  it("refuses any text in place of the signature", async () => {
    const signer = await sender.create("one");
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme-ascii", maxLength: 200 }), async (text) => {
        const request = await sender.request([text], fresh, NOW);
        const { outcome } = await arrive(settings, [signer.secret], request, fresh);
        expect(["missing", "malformed", "mismatch"]).toContain(outcome);
      }),
    );
  });

  it("refuses a signature that is spelled in another encoding, cut or drawn out", async () => {
    const signer = await sender.create("one");
    const signature = await signer.sign(fresh, NOW);
    const longer = Uint8Array.from([...signature, 0]);
    const spellings = [
      spell(signature, sender.encoding === "hex" ? "base64" : "hex"),
      spell(signature.subarray(0, -1), sender.encoding),
      spell(signature.subarray(0, 1), sender.encoding),
      spell(longer, sender.encoding),
      `${spell(signature, sender.encoding).slice(0, 8)} ${spell(signature, sender.encoding).slice(8)}`,
    ];
    for (const spelling of spellings) {
      const request = await sender.request([spelling], fresh, NOW);
      const { outcome } = await arrive(settings, [signer.secret], request, fresh);
      expect(["malformed", "mismatch"]).toContain(outcome);
    }
  });

  it("refuses a header that is far too long, unread", async () => {
    const signer = await sender.create("one");
    const request = await requestOf(sender, signer, fresh, NOW);
    const headers = { ...request.headers, [sender.header]: `${request.headers[sender.header]},${"a".repeat(5_000)}` };
    expect(await arrive(settings, [signer.secret], { ...request, headers }, fresh)).toEqual({
      outcome: "malformed",
      reads: 0,
    });
  });
});

const timestamped = SENDERS.filter((sender) => sender.is_timestamped);

describe.each(timestamped.map((sender) => [sender.name, sender] as const))("%s", (_, sender) => {
  it.each([
    ["300 s old", -300, "accepted"],
    ["301 s old", -301, "stale"],
    ["a year old", -31_536_000, "stale"],
    ["300 s ahead", 300, "accepted"],
    ["301 s ahead", 301, "stale"],
    ["a year ahead", 31_536_000, "stale"],
  ])("takes a signature that is %s for what it is", async (__, seconds, outcome) => {
    const signer = await sender.create("one");
    const at = NOW + seconds;
    const body = bytesOf(sender.body(at));
    const request = await requestOf(sender, signer, body, at);
    expect((await arrive(sender.settings, [signer.secret], request, body)).outcome).toBe(outcome);
  });

  it("refuses another time than the one that was signed", async () => {
    const signer = await sender.create("one");
    const old = NOW - 4_000;
    const body = bytesOf(sender.body(old));
    const spelled = spell(await signer.sign(body, old), sender.encoding);
    const request = await sender.request([spelled], body, NOW);
    // Linear's is in the body.
    const expected = sender.settings.scheme === "linear" ? "stale" : "mismatch";
    expect((await arrive(sender.settings, [signer.secret], request, body)).outcome).toBe(expected);
  });

  it.each(["", "soon", "-1", "1e9", "0x6ab0", "1790000000.5", "99999999999999", " "])(
    "refuses the time %j",
    async (time) => {
      if (sender.settings.scheme === "linear") return;
      const signer = await sender.create("one");
      const body = bytesOf(sender.body(NOW));
      const request = await requestOf(sender, signer, body, NOW);
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, value.replaceAll(String(NOW), time)]),
      );
      const { outcome, reads } = await arrive(sender.settings, [signer.secret], { ...request, headers }, body);
      expect(["missing", "malformed"]).toContain(outcome);
      expect(reads).toBe(0);
    },
  );
});

const several = SENDERS.filter((sender) => sender.takes_several);

describe.each(several.map((sender) => [sender.name, sender] as const))("%s", (_, sender) => {
  it("accepts one good signature among others, up to ten", async () => {
    const signer = await sender.create("one");
    const body = bytesOf(sender.body(NOW));
    const good = spell(await signer.sign(body, NOW), sender.encoding);
    const bad = spell(new Uint8Array(32).fill(7), sender.encoding);
    for (const [signatures, outcome] of [
      [[bad, good], "accepted"],
      [[good, bad], "accepted"],
      [[bad, "?", good], "accepted"],
      [[bad, bad], "mismatch"],
      [[...Array.from({ length: 9 }, () => bad), good], "accepted"],
      [[...Array.from({ length: 10 }, () => bad), good], "malformed"],
    ] as const) {
      const request = await sender.request(signatures, body, NOW);
      expect((await arrive(sender.settings, [signer.secret], request, body)).outcome).toBe(outcome);
    }
  });
});

describe("gitlab", () => {
  const settings = { scheme: "gitlab" } as const;
  const sent = (headers: Record<string, string>): SignedRequest => ({
    method: "POST",
    url: "https://a.example/",
    headers,
  });

  it.each([
    [{ "X-Gitlab-Token": "s3cret" }, "accepted"],
    [{ "X-Gitlab-Token": "s3cre" }, "mismatch"],
    [{ "X-Gitlab-Token": "s3cret1" }, "mismatch"],
    [{ "X-Gitlab-Token": "S3CRET" }, "mismatch"],
    [{ "X-Gitlab-Token": "" }, "missing"],
    [{}, "missing"],
  ])("takes %j for what it is, and never reads the body", async (headers, outcome) => {
    expect(await arrive(settings, ["s3cret"], sent(headers), bytesOf("{}"))).toEqual({ outcome, reads: 0 });
  });
});

it("every scheme is tried here", () => {
  // The others sign in the body or publish their keys: test/signing/schemes.
  const others = ["gitlab", "mailgun", "oidc", "sns"];
  const tried = new Set([...SENDERS.map(({ settings }) => settings.scheme), ...others]);
  expect(SIGNATURE_SCHEMES.filter((scheme) => !tried.has(scheme))).toEqual([]);
});
