import type { NotificationContent } from "./notification-content.ts";

/** The mood of a message, which chat products show as a colour. */
type Tone = "resolved" | "acknowledged" | "severe" | "warning" | "mild";

/** Returns the tone of a message by its step and its urgency. */
export function toneOf({ type, step, urgency }: NotificationContent): Tone {
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

/** The colour of each tone as 24-bit RGB. */
export const COLORS = {
  resolved: 0x2e_a0_43,
  acknowledged: 0x1f_6f_eb,
  severe: 0xd7_2c_2c,
  warning: 0xe8_8e_1a,
  mild: 0x76_7d_87,
} as const satisfies Record<Tone, number>;
