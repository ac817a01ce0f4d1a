import { CHECKED_ADDRESS_LENGTH, lowestIdAt } from "../../model/ids.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text } from "../rows.ts";
import { parseRevision } from "./revision.ts";

/** The addresses that have no checksum at one revision of the config. */
export type ListedAddresses = {
  readonly revision: number;
  /** False if there are more than were asked for; then the list says nothing. */
  readonly is_complete: boolean;
  readonly addresses: ReadonlySet<string>;
};

// An address that is older than the key of the checksums has none of that key, whatever its length.
const READ_UNCHECKED = `
  SELECT id AS address FROM integrations WHERE length(id) <> ?1 OR id < ?2
  UNION ALL
  SELECT address FROM integration_addresses WHERE length(address) <> ?1 OR address < ?2
  LIMIT ?3`;

/** Reads the addresses of integrations that have no checksum, at most `max` of them. `sinceMs` is when checksums began. */
export async function readUncheckedAddresses(
  db: PrimaryDatabase,
  sinceMs: number,
  max: number,
): Promise<ListedAddresses> {
  const [revision, rows] = await db.batch<Row>([
    db.prepare("SELECT revision FROM config_revision WHERE id = 1"),
    db.prepare(READ_UNCHECKED).bind(CHECKED_ADDRESS_LENGTH, lowestIdAt("int", sinceMs), max + 1),
  ]);
  const addresses = (rows?.results ?? []).map((row) => text(row, "address"));
  return {
    revision: parseRevision(revision?.results[0] ?? null),
    is_complete: addresses.length <= max,
    addresses: new Set(addresses),
  };
}
