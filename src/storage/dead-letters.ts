/** A message that could not be processed. */
export type DeadLetter = {
  readonly id: string;
  readonly queue: string;
  readonly message: string;
  readonly received_at: string;
};

const INSERT = `
  INSERT INTO dead_letters (id, queue, message, received_at)
  SELECT value->>'id', value->>'queue', value->>'message', value->>'received_at' FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO NOTHING`;

/** Keeps messages that could not be processed; keeping one again changes nothing. */
export async function keepDeadLetters(db: D1Database, letters: readonly DeadLetter[]): Promise<void> {
  await db.prepare(INSERT).bind(JSON.stringify(letters)).run();
}
