import { Button } from "@cloudflare/kumo/components/button";
import { useState } from "react";

/** A text beyond this length would make the page slow. The rest is shown on request. */
const MAX_CHARACTERS = 100_000;

/** A text of a stranger: never HTML, bounded, and with its own direction of writing. */
export function TextBlock({ label, text }: { readonly label: string; readonly text: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const isCut = text.length > MAX_CHARACTERS && !isWhole;
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre className="code" tabIndex={0} role="region" aria-label={label}>
        {isCut ? text.slice(0, MAX_CHARACTERS) : text}
      </pre>
      {isCut ? (
        <Button size="sm" onClick={() => setIsWhole(true)}>
          {`Show all ${Math.ceil(text.length / 1_000)} KB`}
        </Button>
      ) : null}
    </>
  );
}
