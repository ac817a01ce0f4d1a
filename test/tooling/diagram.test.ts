import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { layOut } from "../../scripts/diagram/layout.mjs";
import { THEMES, draw } from "../../scripts/diagram/svg.mjs";

const IMAGES = join(import.meta.dirname, "../../docs/images");

type Source = Parameters<typeof layOut>[0];

const sourceOf = (name: string): Source => JSON.parse(readFileSync(join(IMAGES, `${name}.json`), "utf8"));

const DIAGRAMS = [
  { name: "architecture", scheme: "light" },
  { name: "architecture", scheme: "dark" },
  { name: "concepts", scheme: "light" },
  { name: "concepts", scheme: "dark" },
] as const;

describe.each(DIAGRAMS)("the $scheme diagram $name", ({ name, scheme }) => {
  const source = sourceOf(name);

  test("is what `npm run diagram` makes of its source", () => {
    const committed = readFileSync(join(IMAGES, `${name}-${scheme}.svg`), "utf8");
    expect(committed === draw(source, THEMES[scheme]), "Run `npm run diagram` and commit the result.").toBe(true);
  });

  test("loads nothing and runs nothing", () => {
    expect(draw(source, THEMES[scheme])).not.toMatch(/<script|<image|href=|@import|url\((?!#)/);
  });
});

test.each(["architecture", "concepts"])("no two nodes of %s overlap, and none leaves the picture", (name) => {
  const source = sourceOf(name);
  const { boxes, width, height } = layOut(source);
  const nodes = source.nodes.flatMap(({ id }) => {
    const box = boxes.get(id);
    return box === undefined ? [] : [{ id, box }];
  });
  const overlapping = nodes.flatMap((one, index) =>
    nodes.slice(index + 1).flatMap((other) => {
      const apart =
        one.box.x + one.box.width < other.box.x ||
        other.box.x + other.box.width < one.box.x ||
        one.box.y + one.box.height < other.box.y ||
        other.box.y + other.box.height < one.box.y;
      return apart ? [] : [`${one.id} and ${other.id}`];
    }),
  );
  expect(overlapping).toEqual([]);
  const outside = nodes.filter(
    ({ box }) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height,
  );
  expect(outside).toEqual([]);
});

test("an edge that names no node is refused", () => {
  const edges = [{ from: "sender.right", to: "nothing.left" }];
  expect(() => layOut({ ...sourceOf("concepts"), edges })).toThrow('"nothing"');
});
