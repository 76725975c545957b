import { fields } from "../../../config/fields";
import { ConfigError } from "../../../errors/errors";
import type { Seal } from "../../seal";
import { ClaimTable } from "../claim-table";
import { GrantTable } from "../grant-table";
import { RecordTable } from "../record-table";
import type { ClaimOutcome } from "../../store";

/** Everything that a file of grants holds. */
export interface GrantDocument {
  readonly grants: GrantTable;
  /** Locks too. */
  readonly claims: ClaimTable;
  readonly records: RecordTable;
}

export interface GrantDocuments {
  /** @throws {ConfigError} none of the keys opens it, or it is something else. */
  read(text: string | null): GrantDocument;
  /** Null where it holds the same as `former`, which is null for nothing at all. */
  write(document: GrantDocument, former: string | null): string | null;
}

export interface GrantDocumentsParts {
  /** What errors call the file. */
  readonly path: string;
  /** The first closes, all open. */
  readonly seals: readonly [Seal, ...Seal[]];
  readonly now: () => number;
}

const heading = "express-aircall grants, sealed\n";
const context = "grants 1";
const maxGrants = 100_000;

export function createGrantDocuments({ path, seals, now }: GrantDocumentsParts): GrantDocuments {
  const [first] = seals;

  function open(text: string): string {
    if (!text.startsWith(heading)) {
      throw new ConfigError(`${path} holds something else than grants, and is left as it is. Name another file.`);
    }
    const sealed = text.slice(heading.length).trim();
    for (const seal of seals) {
      const content = seal.open(sealed, context);
      if (content !== null) return content;
    }
    throw new ConfigError(
      `${path} cannot be opened: its grants are sealed with other keys. Set the encryptionKeys or the client secret that ` +
        "they were kept with, or delete the file and sign in again.",
    );
  }

  return {
    read: (text) => load(text === null ? {} : fields(JSON.parse(open(text))), now),
    write(document, former) {
      const content = contentOf(document);
      if (content === (former === null ? nothing : open(former))) return null;
      return `${heading}${first.close(content, context)}\n`;
    },
  };
}

const nothing = JSON.stringify({ grants: [], claims: [], outcomes: [], records: [] });

function contentOf({ grants, claims, records }: GrantDocument): string {
  const kept = Array.from(grants.entries(), ([id, { text, links, endsAt }]) => [
    id,
    { text, links: Array.from(links, ([link, endsAt]) => [link, { endsAt }]), endsAt },
  ]);
  return JSON.stringify({
    grants: kept,
    claims: [...claims.claims()],
    outcomes: [...claims.outcomes()],
    records: Array.from(records.entries(), ([kind, key, record]) => [key, { kind, ...record }]),
  });
}

/** Our own seal has closed it: it is taken as it was written. */
function load(content: Readonly<Record<string, unknown>>, now: () => number): GrantDocument {
  const [grants, claims, records] = [new GrantTable({ maxGrants, now }), new ClaimTable(now), new RecordTable(now)];
  for (const [id, kept] of entriesIn(content["grants"])) {
    const links = new Map(entriesIn(kept["links"]).map(([link, { endsAt }]) => [link, Number(endsAt)]));
    grants.put(id, { text: String(kept["text"]), links, endsAt: Number(kept["endsAt"]) });
  }
  for (const [key, { owner, at, endsAt }] of entriesIn(content["claims"])) {
    claims.putClaim(key, { owner: String(owner), at: Number(at), endsAt: Number(endsAt) });
  }
  for (const [key, { outcome, endsAt }] of entriesIn(content["outcomes"])) {
    claims.putOutcome(key, { outcome: outcomeIn(outcome), endsAt: Number(endsAt) });
  }
  for (const [key, { kind, value, version, endsAt }] of entriesIn(content["records"])) {
    const kept = { value: String(value), version: Number(version), endsAt: Number(endsAt) };
    records.kind(String(kind)).take(key, kept);
  }
  return { grants, claims, records };
}

function outcomeIn(value: unknown): ClaimOutcome {
  const { grantId, error } = fields(value);
  return typeof grantId === "string" ? { grantId } : { error: String(error) };
}

function entriesIn(value: unknown): [key: string, kept: Readonly<Record<string, unknown>>][] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => {
    const { 0: key, 1: kept } = fields(entry);
    return [String(key), fields(kept)];
  });
}
