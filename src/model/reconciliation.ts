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

/** Draws up the balance of a shard. `accepted` is without what is in the outbox. */
export function reconcile(accepted: number, outcomes: Outcomes, outbox: number): Reconciliation {
  const { delivered, dead, pending, cancelled, ignored } = outcomes;
  const balanced = accepted === delivered + dead + pending + cancelled + ignored;
  return { accepted: accepted + outbox, delivered, dead, pending, cancelled, ignored, outbox, balanced };
}

/** The balance of several shards together: no shard's surplus makes up for what another one misses. */
export function addUp(balances: readonly Reconciliation[]): Reconciliation {
  const sum = (name: Exclude<keyof Reconciliation, "balanced">): number =>
    balances.reduce((total, balance) => total + balance[name], 0);
  return {
    accepted: sum("accepted"),
    delivered: sum("delivered"),
    dead: sum("dead"),
    pending: sum("pending"),
    cancelled: sum("cancelled"),
    ignored: sum("ignored"),
    outbox: sum("outbox"),
    balanced: balances.every(({ balanced }) => balanced),
  };
}
