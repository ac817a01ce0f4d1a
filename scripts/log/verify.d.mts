/** Verifies all segments of a gateway. Throws if it cannot be asked. */
export function verifyLog(
  gateway: {
    readonly url: string;
    readonly token: string;
    readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  },
  progress?: (id: string) => void,
): Promise<{
  readonly segments: number;
  readonly events: number;
  readonly shown: number;
  readonly faults: readonly string[];
}>;
