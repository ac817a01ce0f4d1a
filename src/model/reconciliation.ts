/** The outcomes of accepted events, counted as events × deliveries. */
export type Outcomes = {
  readonly delivered: number;
  readonly dead: number;
  readonly pending: number;
  readonly cancelled: number;
  /** Events without a delivery. Each counts once. */
  readonly ignored: number;
};

/** The reconciliation of a shard, or of the whole gateway. */
export type Reconciliation = Outcomes & {
  /** Counted at acceptance, apart from the outcomes. */
  readonly accepted: number;
  /** Accepted events that are in the outbox only. Their deliveries are not planned yet. */
  readonly outbox: number;
  readonly balanced: boolean;
};

/** Reconciles a shard. `accepted` excludes the events in the outbox. */
export function reconcile(accepted: number, outcomes: Outcomes, outbox: number): Reconciliation {
  const { delivered, dead, pending, cancelled, ignored } = outcomes;
  const balanced = accepted === delivered + dead + pending + cancelled + ignored;
  return { accepted: accepted + outbox, delivered, dead, pending, cancelled, ignored, outbox, balanced };
}

/** Adds up the shards. The surplus of one shard does not balance what another one misses. */
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
