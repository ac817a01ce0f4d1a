import type * as main from "../../src/index.ts";

declare global {
  namespace Cloudflare {
    // Only an interface adds to one that is declared elsewhere.
    // oxlint-disable-next-line typescript/consistent-type-definitions
    interface GlobalProps {
      mainModule: typeof main;
    }
  }
}
