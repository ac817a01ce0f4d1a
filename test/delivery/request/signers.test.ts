import { describe, expect, it } from "vitest";
import vectors from "../../fixtures/signed-requests.json" with { type: "json" };
import { createSigners } from "../../../src/delivery/request/signers.ts";
import type { KeyRing } from "../../../src/crypto/key-ring.ts";
import { ringOf } from "../../support/key-ring.ts";
import { destinationWith } from "../../support/configuration.ts";
import {
  HMAC,
  NOW,
  OLD_SECRET,
  SECRET,
  SIGNING_CASES,
  destinationOf,
  signedRequest,
} from "../../support/signed-requests.ts";
import { bytesOf } from "../../support/signers.ts";

const ring = ringOf(7);

const REQUEST = {
  id: "dlv_1",
  now_ms: NOW * 1_000,
  method: "POST",
  url: new URL("https://receiver.example.com/in"),
  content_type: "application/json",
  body: bytesOf("{}"),
};

/** A key ring that counts how often it opens a secret. */
function countingRing(): KeyRing & { opened: number } {
  const counting = {
    ...ring,
    opened: 0,
    unseal: (sealed: string, belongsTo: string) => {
      counting.opened += 1;
      return ring.unseal(sealed, belongsTo);
    },
  };
  return counting;
}

describe("a signed request", () => {
  it.each(SIGNING_CASES.map((each) => [each.name, each] as const))(
    "is the one that the receivers in docs/receivers are tried with: %s",
    async (name, given) => {
      expect(await signedRequest(ring, given)).toEqual(vectors.find((vector) => vector.name === name));
    },
  );

  it("has its id and time even if it is not signed", async () => {
    const signed = await createSigners(ring).sign(destinationWith({ signing: { scheme: "none" } }), REQUEST);
    expect(signed).toEqual({ ok: true, value: { "webhook-id": "dlv_1", "webhook-timestamp": String(NOW) } });
  });

  it("is not signed if RFC 9421 cannot sign its content type", async () => {
    const destination = destinationWith({ signing: { scheme: "rfc9421", algorithm: "ed25519" } });
    for (const content_type of ["text/plain; name=é", "text/plain\nx", "a\r\nb: c"]) {
      const signed = await createSigners(ring).sign(destination, { ...REQUEST, content_type });
      expect(signed).toEqual({ ok: false, error: expect.stringContaining("content-type") });
    }
  });
});

describe("signing secrets", () => {
  const rotating = { name: "", signing: { scheme: "standard-webhooks" }, secrets: [SECRET, OLD_SECRET] } as const;

  async function countOf(now_ms: number): Promise<number> {
    const signed = await createSigners(ring).sign(await destinationOf(ring, rotating), { ...REQUEST, now_ms });
    return signed.ok ? (signed.value["webhook-signature"] ?? "").split(" ").length : 0;
  }

  it("that were replaced sign until their overlap ends", async () => {
    expect(await countOf(NOW * 1_000)).toBe(2);
    expect(await countOf((NOW + 60) * 1_000 - 1)).toBe(2);
    expect(await countOf((NOW + 60) * 1_000)).toBe(1);
  });

  it("are opened once, and again if another scheme makes another key of them", async () => {
    const counting = countingRing();
    const signers = createSigners(counting);
    const text = { name: "", signing: HMAC, secrets: [SECRET] };
    const destination = await destinationOf(ring, text);
    const first = await signers.sign(destination, REQUEST);
    expect(await signers.sign(destination, REQUEST)).toEqual(first);
    expect(counting.opened).toBe(1);
    const others = [
      { ...text.signing, algorithm: "sha512" },
      { scheme: "standard-webhooks" },
      { scheme: "rfc9421", algorithm: "hmac-sha256" },
    ] as const;
    for (const signing of others) {
      const anew = await createSigners(ring).sign({ ...destination, signing }, REQUEST);
      expect(await signers.sign({ ...destination, signing }, REQUEST)).toEqual(anew);
    }
    expect(counting.opened).toBe(4);
  });

  it("that cannot be opened are left out as long as another one can", async () => {
    const destination = await destinationOf(ring, rotating);
    const broken = { sealed: "broken", expires_at: null };
    const good = destination.signing_secrets.slice(1);
    const both = await createSigners(ring).sign({ ...destination, signing_secrets: [broken, ...good] }, REQUEST);
    expect(both).toEqual(await createSigners(ring).sign({ ...destination, signing_secrets: good }, REQUEST));
    const none = await createSigners(ring).sign({ ...destination, signing_secrets: [broken] }, REQUEST);
    expect(none).toEqual({ ok: false, error: expect.stringContaining("cannot be opened") });
  });

  it("of text do not sign Standard Webhooks", async () => {
    const destination = await destinationOf(ring, { ...rotating, secrets: ["text"] });
    expect((await createSigners(ring).sign(destination, REQUEST)).ok).toBe(false);
  });
});
