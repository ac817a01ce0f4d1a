/**
 * Why a key cannot be used. `unreadable`: the database did not return it. `other_master_key`: it is wrapped under none of
 * the master keys that are set. `unknown_key`: a stored value names a key that is not on record.
 */
export type KeyFault = "unreadable" | "other_master_key" | "unknown_key";

const SENTENCES = {
  unreadable: "The gateway's keys could not be read from the database. Are its migrations applied?",
  other_master_key:
    "The gateway's keys are wrapped under another MASTER_KEY. Set MASTER_KEY to that one, or set MASTER_KEY_PREVIOUS to it while MASTER_KEY is being rotated.",
  unknown_key:
    "A stored secret was made with a key that this gateway does not have. Set MASTER_KEY to the one that was used then, or enter the secret again.",
} as const satisfies Record<KeyFault, string>;

/** A fault of the installation: neither a sender nor a destination may pay for it. */
export class KeysUnavailableError extends Error {
  readonly fault: KeyFault;

  constructor(fault: KeyFault, cause?: unknown) {
    super(SENTENCES[fault], { cause });
    this.name = "KeysUnavailableError";
    this.fault = fault;
  }
}
