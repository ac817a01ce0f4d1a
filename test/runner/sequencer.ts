import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest. They start first, so that none of them runs on alone at the end. */
export const LONGEST = [
  "test/npm-start/start.test.ts",
  "test/browser/accessibility.test.ts",
  "test/tooling/new.test.ts",
  "test/deploy/deploy.test.ts",
  "test/browser/hostile.test.ts",
  "test/browser/large.test.ts",
  "test/cli/listen.test.ts",
  "test/npm-start/schemathesis.test.ts",
  "test/cli/listen-ends.test.ts",
  "test/npm-start/hostile.test.ts",
  "test/deploy/backup.test.ts",
  "test/browser/replays.test.ts",
  "test/deploy/failures.test.ts",
  "test/browser/integrations.test.ts",
  "test/npm-start/shards.test.ts",
  "test/npm-start/kill.test.ts",
  "test/browser/events.test.ts",
];

/**
 * Orders the files of a run: those that take longest first. Files of the projects `slow-node` and `browser` alternate, because
 * those with a browser use a processor all the time, and the others often wait.
 */
export class Sequencer extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await BaseSequencer.prototype.sort.call(this, specifications);
    const sorted = usual.toSorted((one, other) => rankOf(one) - rankOf(other));
    const browser = sorted.filter(({ project }) => project.name === "browser");
    const node = sorted.filter(({ project }) => project.name === "slow-node");
    const others = sorted.filter(({ project }) => project.name !== "browser" && project.name !== "slow-node");
    return [...others, ...spread(node, browser)];
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return rank === -1 ? LONGEST.length : rank;
}

/** Puts the items of the second list among those of the first one, in even distances. */
export function spread<T>(into: readonly T[], items: readonly T[]): T[] {
  const placed = [into, items].flatMap((list) =>
    list.map((item, index) => ({ item, at: (index + 0.5) / list.length })),
  );
  return placed.toSorted((one, other) => one.at - other.at).map(({ item }) => item);
}
