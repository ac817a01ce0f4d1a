import { describe, expect, it } from "vitest";
import { awsFault } from "../../support/aws-signatures.ts";

// The verifier of these tests agrees with the signatures that AWS has published, so that it can judge those of the gateway.

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const KEY = { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const SUITE = { access_key_id: "AKIDEXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

function authorization(id: string, scope: string, headers: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${id}/${scope}/aws4_request,SignedHeaders=${headers},Signature=${signature}`;
}

const PUBLISHED = [
  {
    name: "GET Object",
    key: KEY,
    method: "GET",
    url: "https://examplebucket.s3.amazonaws.com/test.txt",
    body: "",
    headers: {
      range: "bytes=0-9",
      "x-amz-content-sha256": EMPTY,
      "x-amz-date": "20130524T000000Z",
      authorization: authorization(
        KEY.access_key_id,
        "20130524/us-east-1/s3",
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ),
    },
  },
  {
    name: "PUT Object",
    key: KEY,
    method: "PUT",
    url: "https://examplebucket.s3.amazonaws.com/test%24file.text",
    body: "Welcome to Amazon S3.",
    headers: {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      "x-amz-date": "20130524T000000Z",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      authorization: authorization(
        KEY.access_key_id,
        "20130524/us-east-1/s3",
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      ),
    },
  },
  {
    name: "get-vanilla",
    key: SUITE,
    method: "GET",
    url: "https://example.amazonaws.com/",
    body: "",
    headers: {
      "x-amz-date": "20150830T123600Z",
      authorization: authorization(
        SUITE.access_key_id,
        "20150830/us-east-1/service",
        "host;x-amz-date",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
      ),
    },
  },
] as const;

describe.each(PUBLISHED)("the published request $name", ({ key, method, url, headers, body }) => {
  const request = { method, url, headers: { ...headers }, body: new TextEncoder().encode(body) };

  it("verifies", async () => {
    expect(await awsFault(request, key)).toBe(null);
  });

  it("does not verify if it is changed", async () => {
    expect(await awsFault({ ...request, url: `${url}x` }, key)).toBe("SignatureDoesNotMatch");
    expect(await awsFault({ ...request, method: "POST" }, key)).toBe("SignatureDoesNotMatch");
    expect(await awsFault(request, { ...key, secret_access_key: "another" })).toBe("SignatureDoesNotMatch");
  });
});
