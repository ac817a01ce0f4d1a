import { Fragment } from "react";
import type { Preset } from "./kinds.ts";

/** Code and emphasis, the only Markdown of a step. */
const MARKED = /(`[^`]+`|\*[^*]+\*)/u;

function Step({ text }: { readonly text: string }) {
  return text.split(MARKED).map((part, index) => {
    const inner = part.slice(1, -1);
    if (part.startsWith("`")) return <code key={index}>{inner}</code>;
    if (part.startsWith("*")) return <em key={index}>{inner}</em>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}

/** What to do in a product before it accepts deliveries, and the credentials that it asks for. */
export function PresetSteps({ preset: { title, steps, auth } }: { readonly preset: Preset }) {
  if (steps === undefined) return null;
  return (
    <section className="preset-steps" aria-label={`In ${title}`}>
      <h2>In {title}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step}>
            <Step text={step} />
          </li>
        ))}
      </ol>
      {auth === undefined ? null : (
        <p>
          Authentication: <Step text={auth.hint} />
        </p>
      )}
    </section>
  );
}
