import type { Reporter, TestSpecification } from "vitest/node";
import type { Plan } from "./plan.ts";

/** What each project usually takes on two quiet cores, in seconds. */
const USUAL_SECONDS: Readonly<Record<string, { readonly part: number; readonly full: number }>> = {
  fast: { part: 290, full: 310 },
  slow: { part: 50, full: 500 },
  "slow-sharded": { part: 10, full: 10 },
  "slow-node": { part: 620, full: 820 },
  browser: { part: 350, full: 350 },
};

/** Says at the start of a run what it runs, and how long it usually takes. */
export class Announcement implements Reporter {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    const { seed, scale } = this.#plan;
    const projects = [...new Set(specifications.map(({ project }) => project))];
    const numbers = scale === 1 ? "the full numbers" : `${scale * 100} % of the full numbers`;
    const all = await Promise.all(projects.map((project) => project.globTestFiles()));
    const isWhole = specifications.length === all.reduce((sum, { testFiles }) => sum + testFiles.length, 0);
    const seconds = projects.reduce((sum, { name }) => sum + usualSeconds(name, scale), 0);
    process.stdout.write(
      `Running ${specifications.length} test files of ${projects.map(({ name }) => name).join(", ")} with ${numbers}` +
        `${isWhole ? `, usually ${durationOf(seconds)} on two cores` : ""}.\n` +
        `The seed is ${seed}: TEST_SEED=${seed} repeats it.\n\n`,
    );
  }
}

function usualSeconds(project: string, scale: number): number {
  const usual = USUAL_SECONDS[project];
  return usual === undefined ? 0 : scale < 1 ? usual.part : usual.full;
}

function durationOf(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
