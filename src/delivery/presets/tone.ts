import type { Story } from "./message.ts";

/** How bad news is, for colours. */
type Tone = "resolved" | "acknowledged" | "severe" | "warning" | "mild";

/** The tone of a message, by what it does and its urgency. */
export function toneOf({ type, step, urgency }: Story): Tone {
  switch (step) {
    case "resolve":
      return "resolved";
    case "acknowledge":
      return "acknowledged";
    case "open":
      if (type === "test" || type === "event.received") return "mild";
      if (urgency === "critical" || urgency === "high") return "severe";
      return urgency === "low" ? "mild" : "warning";
  }
}

/** A colour of each tone, as a number of red, green and blue. */
export const COLORS = {
  resolved: 0x2e_a0_43,
  acknowledged: 0x1f_6f_eb,
  severe: 0xd7_2c_2c,
  warning: 0xe8_8e_1a,
  mild: 0x76_7d_87,
} as const satisfies Record<Tone, number>;
