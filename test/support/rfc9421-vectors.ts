// RFC 9421, appendix B: the keys of B.1.4 and B.1.5, and the signatures of B.2.5 and B.2.6 over the request of B.2.

/** The seed of `test-key-ed25519`, and its public half. */
export const ED25519_SEED = Uint8Array.fromBase64("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=");
export const ED25519_PUBLIC = Uint8Array.fromBase64("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");

export const SHARED_SECRET = Uint8Array.fromBase64(
  "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
);

export const CREATED = 1_618_884_473;

const DATE = { name: "date", value: "Tue, 20 Apr 2021 02:07:55 GMT" };
const AUTHORITY = { name: "@authority", value: "example.com" };
const CONTENT_TYPE = { name: "content-type", value: "application/json" };

export const B25 = {
  components: [DATE, AUTHORITY, CONTENT_TYPE],
  keyid: "test-shared-secret",
  input: '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
  signature: ":pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
};

export const B26 = {
  components: [
    DATE,
    { name: "@method", value: "POST" },
    { name: "@path", value: "/foo" },
    AUTHORITY,
    CONTENT_TYPE,
    { name: "content-length", value: "18" },
  ],
  keyid: "test-key-ed25519",
  input:
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  signature: ":wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
};
