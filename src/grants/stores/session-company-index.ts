import { fields } from "../../config/fields";
import { sha256 } from "../../config/sha256";
import { isGrantId } from "../grant";
import type { GivenBy } from "../encryption";
import { createMutex } from "../../time/mutex";
import type { SessionRecords } from "../../session/records";

/** Which grants a company gave to an app, for stores that can only be asked by key. Exact in one process. */
export interface CompanyIndex {
  /** `endsAt`, epoch milliseconds: the id is forgotten with its grant. Without a company there is nothing to note. */
  note(by: GivenBy | null, id: string, endsAt: number): Promise<void>;
  forget(by: GivenBy | null, id: string): Promise<void>;
  idsOf(by: GivenBy): Promise<string[]>;
}

export function createCompanyIndex(records: SessionRecords, now: () => number): CompanyIndex {
  const exclusively = createMutex();

  async function read(key: string): Promise<Map<string, number>> {
    return new Map(Object.entries(fields(await records.read(key))).filter(isLive));
  }

  function isLive(entry: [string, unknown]): entry is [string, number] {
    const [id, endsAt] = entry;
    return isGrantId(id) && typeof endsAt === "number" && endsAt > now();
  }

  async function change(by: GivenBy | null, edit: (ids: Map<string, number>) => void): Promise<void> {
    if (!by) return;
    const key = keyOf(by);
    await exclusively(key, async () => {
      const ids = await read(key);
      edit(ids);
      if (ids.size === 0) return records.remove(key);
      await records.write(key, Object.fromEntries(ids), Math.max(...ids.values()) - now());
    });
  }

  return {
    note: (by, id, endsAt) => change(by, (ids) => ids.set(id, endsAt)),
    forget: (by, id) => change(by, (ids) => ids.delete(id)),
    idsOf: async (by) => [...(await read(keyOf(by))).keys()],
  };
}

/** Hashed: with the app it would be longer than some session stores allow. Without one as it was before there were apps. */
function keyOf({ app, companyId }: GivenBy): string {
  if (app === null) return `ac_company_${companyId}`;
  return `ac_company_${sha256(`${app} id:${companyId}`).slice(0, 22)}`;
}
