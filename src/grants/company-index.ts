import { isGrantId } from "./grant";
import { createMutex } from "./lock";
import type { SessionRecords } from "./session-records";

/** Which grants belong to a company, for stores that can only be asked by key. Exact in one process. */
export interface CompanyIndex {
  /** `endsAt`, epoch milliseconds: the id is forgotten with its grant. Without a company there is nothing to note. */
  note(companyId: number | null, id: string, endsAt: number): Promise<void>;
  forget(companyId: number | null, id: string): Promise<void>;
  idsOf(companyId: number): Promise<string[]>;
}

export function createCompanyIndex(records: SessionRecords, now: () => number): CompanyIndex {
  const exclusively = createMutex();

  async function read(companyId: number): Promise<Map<string, number>> {
    const stored = Object(await records.read(keyOf(companyId))) as Record<string, unknown>;
    return new Map(Object.entries(stored).filter(isLive));
  }

  function isLive(entry: [string, unknown]): entry is [string, number] {
    const [id, endsAt] = entry;
    return isGrantId(id) && typeof endsAt === "number" && endsAt > now();
  }

  async function change(companyId: number | null, edit: (ids: Map<string, number>) => void): Promise<void> {
    if (companyId === null) return;
    await exclusively(keyOf(companyId), async () => {
      const ids = await read(companyId);
      edit(ids);
      if (ids.size === 0) return records.remove(keyOf(companyId));
      await records.write(keyOf(companyId), Object.fromEntries(ids), Math.max(...ids.values()) - now());
    });
  }

  return {
    note: (companyId, id, endsAt) => change(companyId, (ids) => ids.set(id, endsAt)),
    forget: (companyId, id) => change(companyId, (ids) => ids.delete(id)),
    idsOf: async (companyId) => [...(await read(companyId)).keys()],
  };
}

function keyOf(companyId: number): string {
  return `ac_company_${companyId}`;
}
