const NUMBER = new Intl.NumberFormat();

export type Unit = "delivery" | "event";

/** Such as "1 delivery", "1,204 deliveries". */
export function countText(count: number, unit: Unit): string {
  const many = unit === "delivery" ? "deliveries" : "events";
  return `${NUMBER.format(count)} ${count === 1 ? unit : many}`;
}

/** Such as "320 of 1,204 deliveries". */
export function partText(done: number, count: number, unit: Unit): string {
  return `${NUMBER.format(done)} of ${countText(count, unit)}`;
}
