import type { Sent } from "../request/send.ts";

/** The code in the XML of an error. Its message is the store's own text, which is not repeated. */
const CODE = /<Code>\s*([A-Za-z][A-Za-z0-9.]{0,60})\s*<\/Code>/;

/** What an administrator can do about a code: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ["AccessDenied", "The key may not write this object: allow s3:PutObject."],
  ["AuthorizationHeaderMalformed", "The region of the credentials is not the bucket's."],
  ["EntityTooLarge", "The object is larger than the store takes."],
  ["ExpiredToken", "The session token has expired: enter new credentials."],
  ["InvalidAccessKeyId", "The store does not know this access key."],
  ["InvalidStorageClass", "The store does not have this storage class."],
  ["InvalidToken", "The session token is not valid: enter new credentials."],
  ["NoSuchBucket", "The store has no bucket of this name."],
  ["PermanentRedirect", "The bucket is at another endpoint: enter that of its region."],
  ["RequestTimeTooSkewed", "The clocks of the store and the gateway differ too much."],
  ["SignatureDoesNotMatch", "The secret access key is another one, or a proxy changes the request."],
  ["SlowDown", "The store asks for fewer requests: set a rate limit."],
]);

/** Returns the error of an attempt with the code that the store gives; null for a success. */
export function storeErrorOf({ error, response_body }: Sent): string | null {
  const code = error === null ? undefined : CODE.exec(response_body ?? "")?.[1];
  if (error === null || code === undefined) return error;
  const advice = ADVICE.get(code);
  return advice === undefined ? `${error} Its code is ${code}.` : `${error} Its code is ${code}. ${advice}`;
}
