import { type ClientOptions, createCall } from "./call.ts";
import { createOperations } from "./generated/operations.ts";

// The typed client of Hookgate's API. This folder imports nothing outside itself and runs in Workers, in Node 20 and in browsers.

export type Client = ReturnType<typeof createOperations>;

/** Makes a client: a function for each operation of the API, grouped by resource. */
export function createClient(options: ClientOptions): Client {
  return createOperations(createCall(options));
}

export type * from "./generated/operations.ts";
export type * from "./generated/types.ts";
export type { CallOptions, ClientOptions, KeyedCallOptions, RawBody } from "./call.ts";
export type { JsonCodec } from "./response.ts";
export { ClientError, type Failure, type Result, type Success, describeFailure, unwrap } from "./result.ts";
export type { AlertSnapshot, Envelope, EnvelopeEvent, MessageType } from "./verify/envelope.ts";
export type { VerificationKey } from "./verify/keys.ts";
export type { ReceivedRequest, Refusal } from "./verify/received.ts";
export { type Verified, type VerifyOptions, verify, verifySignature } from "./verify/verify.ts";
