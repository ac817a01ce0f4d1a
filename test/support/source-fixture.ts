import type { Action } from "../../src/model/event.ts";

/** A body of a sender and the expected event. A property that `expected` lacks must be null. */
export type SourceRequestFixture = {
  readonly name: string;
  readonly body: string;
  readonly options?: object;
  readonly expected: {
    readonly action: Action | "ignore" | "receive";
    readonly kind: string;
    readonly key?: string;
    readonly urgency?: string | null;
    readonly title?: string;
  };
};

/** The requests of one type of source, and sets of options that it takes. */
export type SourceFixture = {
  readonly options: readonly object[];
  readonly requests: readonly SourceRequestFixture[];
};

/** Returns a body with some of its top-level fields changed. */
export function vary(text: string, fields: object): string {
  return JSON.stringify({ ...JSON.parse(text), ...fields });
}
