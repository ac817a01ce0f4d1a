/** What has become of what was accepted, in events × destinations owed. */
export type Outcomes = {
  readonly delivered: number;
  readonly dead: number;
  readonly pending: number;
  readonly cancelled: number;
  /** Events that are owed to nobody; each counts once. */
  readonly ignored: number;
};

/** The balance of the whole gateway. */
export type Reconciliation = Outcomes & {
  /** Counted at acceptance, apart from all others. */
  readonly accepted: number;
  /** Accepted events that are in the outbox only; nobody knows yet what they are owed. */
  readonly outbox: number;
  readonly balanced: boolean;
};

/** Draws up the balance. `accepted` is without what is in the outbox. */
export function reconcile(accepted: number, outcomes: Outcomes, outbox: number): Reconciliation {
  const { delivered, dead, pending, cancelled, ignored } = outcomes;
  const balanced = accepted === delivered + dead + pending + cancelled + ignored;
  return { accepted: accepted + outbox, delivered, dead, pending, cancelled, ignored, outbox, balanced };
}
