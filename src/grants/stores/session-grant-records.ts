import { sha256 } from "../../config/sha256";
import { isGrantId, type Grant } from "../grant";
import type { GrantText } from "../encryption";
import type { SessionRecords } from "../../session/records";
import { handedOn } from "../../time/store-time";
import { leadsTo, readGrantRecord, sealedWith, type SessionGrantRecord } from "./session-record";

/** A record, and the grant in it. */
export interface Found {
  readonly id: string;
  readonly record: SessionGrantRecord;
  readonly grant: Grant;
}

/** Grants, and links to them, among the app's sessions: a session's own carries its links, those to a company's are records. */
export interface SessionGrantRecords {
  find(id: string): Promise<Found | null>;
  /** Null as well where a link is given that does not lead to it. */
  read(id: string, link: string | undefined): Promise<Grant | null>;
  write(id: string, grant: Grant, at: Pick<SessionGrantRecord, "endsAt" | "links">): Promise<void>;
  /** Answers what was kept there, which may be sealed with a key that is not known. */
  remove(id: string): Promise<SessionGrantRecord | null>;
  /** Whether this link leads to the grant. */
  leads(link: string, found: Found): Promise<boolean>;
  addLink(link: string, found: Found, endsAt: number): Promise<void>;
  prolongLink(link: string, found: Found, endsAt: number): Promise<void>;
  dropLink(link: string, found: Found): Promise<void>;
}

export interface SessionGrantRecordsParts {
  readonly documents: SessionRecords;
  readonly text: GrantText;
  readonly now: () => number;
}

/** A session's own grant is shared by those few sessions that a doubled callback began. */
const mostLinks = 5;

export function createSessionGrantRecords({ documents, text, now }: SessionGrantRecordsParts): SessionGrantRecords {
  async function readRecord(id: string): Promise<SessionGrantRecord | null> {
    return readGrantRecord(await documents.read(keyOf(id)), now());
  }

  async function find(id: string): Promise<Found | null> {
    const record = isGrantId(id) ? await readRecord(id) : null;
    const grant = record && text.decode(record.grant, sealedWith(id, record));
    return record && grant && { id, record, grant };
  }

  async function leads(link: string, { id, record }: Found): Promise<boolean> {
    return record.links?.includes(link) ?? leadsTo(id, await documents.read(linkKeyOf(id, link)), now());
  }

  async function write(id: string, grant: Grant, at: Pick<SessionGrantRecord, "endsAt" | "links">): Promise<void> {
    const { endsAt, links } = at;
    const record = { grant: text.encode(grant, sealedWith(id, { endsAt, links })), endsAt, ...(links && { links }) };
    await documents.write(keyOf(id), record, endsAt - now());
  }

  async function writeLink(id: string, link: string, endsAt: number): Promise<void> {
    await documents.write(linkKeyOf(id, link), { to: id, endsAt }, endsAt - now());
  }

  return {
    find,
    async read(id, link) {
      const inTime = handedOn();
      const found = await find(id);
      return found && (link === undefined || (await inTime(() => leads(link, found)))) ? found.grant : null;
    },
    write,
    async remove(id) {
      const record = await readRecord(id).catch(() => null);
      await documents.remove(keyOf(id));
      return record;
    },
    leads,
    async addLink(link, { id, record, grant }, endsAt) {
      const { links } = record;
      if (links) await write(id, grant, { ...record, links: [...links, link].slice(-mostLinks) });
      else await writeLink(id, link, endsAt);
    },
    async prolongLink(link, { id, record }, endsAt) {
      if (!record.links) await writeLink(id, link, endsAt);
    },
    async dropLink(link, { id, record, grant }) {
      const links = record.links?.filter((other) => other !== link);
      if (links) await write(id, grant, { ...record, links });
      else await documents.remove(linkKeyOf(id, link));
    },
  };
}

function keyOf(id: string): string {
  return `ac_${id}`;
}

/** Some session stores allow 36 characters. */
function linkKeyOf(id: string, link: string): string {
  return `ac_${sha256(`${id} ${link}`).slice(0, 32)}`;
}
