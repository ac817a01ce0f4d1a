import { Tokenizer, TypeGuards } from "liquidjs";

const MAX_BOUND = 1_000_000;

function isBound(token: unknown): boolean {
  return TypeGuards.isNumberToken(token) && Number.isInteger(token.content) && Math.abs(token.content) <= MAX_BOUND;
}

/**
 * Has LiquidJS take ranges of two written numbers only. It counts from one bound to the other in steps of one, which
 * beyond 2^53 gets nowhere and never ends, so a bound may not come from a payload.
 */
export function boundRanges(): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is only called on a tokenizer, below
  const read = Tokenizer.prototype.readGroupOrRange;
  Tokenizer.prototype.readGroupOrRange = function readBoundedRange(this: Tokenizer) {
    const token = read.call(this);
    if (token !== undefined && TypeGuards.isRangeToken(token) && !(isBound(token.lhs) && isBound(token.rhs))) {
      throw this.error(`a range has to be of two whole numbers up to ${MAX_BOUND}`);
    }
    return token;
  };
}
