import { createPrivateKey, createPublicKey } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readCertificate } from "../../src/crypto/certificate.ts";
import { CERTIFICATE, CERTIFICATE_KEY, EC_CERTIFICATE } from "../fixtures/certificates.ts";

const DAY_MS = 86_400_000;

it("reads the public key and the validity of a certificate that OpenSSL made", () => {
  const expected = createPublicKey(createPrivateKey(CERTIFICATE_KEY)).export({ type: "spki", format: "der" });
  const read = readCertificate(`Some text before it\n${CERTIFICATE}\nand after it`);
  expect(read?.spki.toHex()).toBe(new Uint8Array(expected).toHex());
  // Dates from 2050 on have four digits of the year.
  expect(((read?.until_ms ?? 0) - (read?.from_ms ?? 0)) / DAY_MS).toBe(36_500);
  const other = readCertificate(EC_CERTIFICATE);
  expect(((other?.until_ms ?? 0) - (other?.from_ms ?? 0)) / DAY_MS).toBe(10);
});

it.each(["", "text", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", CERTIFICATE.replace("MII", "MIJ")])(
  "reads nothing in %j",
  (text) => {
    expect(readCertificate(text)).toBeNull();
  },
);

const pemOf = (der: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${der.toBase64()}\n-----END CERTIFICATE-----`;
const DER = Uint8Array.fromBase64(CERTIFICATE.replaceAll(/-----[A-Z ]+-----/g, ""));

it("never throws, whatever is cut or changed", () => {
  for (let length = 0; length < DER.length; length++) {
    const read = readCertificate(pemOf(DER.subarray(0, length)));
    expect(read).toBeNull();
  }
  fc.assert(
    fc.property(fc.nat(DER.length - 1), fc.nat(255), (place, byte) => {
      const changed = DER.slice();
      changed[place] = byte;
      const read = readCertificate(pemOf(changed));
      expect(read === null || Number.isFinite(read.from_ms + read.until_ms)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(readCertificate(pemOf(bytes))).toBeNull();
    }),
  );
});
