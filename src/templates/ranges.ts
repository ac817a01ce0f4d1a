import { Tokenizer, TypeGuards } from "liquidjs";

const MAX_BOUND = 1_000_000;

function isBound(token: unknown): boolean {
  return TypeGuards.isNumberToken(token) && Number.isInteger(token.content) && Math.abs(token.content) <= MAX_BOUND;
}

/**
 * Makes LiquidJS refuse ranges whose bounds are not number literals. It counts from one bound to the other in steps of
 * one, which never ends beyond 2^53, so that a bound must not come from a payload.
 */
export function boundRanges(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called on a tokenizer below
  const read = Tokenizer.prototype.readGroupOrRange;
  Tokenizer.prototype.readGroupOrRange = function readBoundedRange(this: Tokenizer) {
    const token = read.call(this);
    if (token !== undefined && TypeGuards.isRangeToken(token) && !(isBound(token.lhs) && isBound(token.rhs))) {
      throw this.error(`the bounds of a range must be two whole numbers up to ${MAX_BOUND}`);
    }
    return token;
  };
}
