import { AircallError, ArgumentError, ConnectionError } from "../errors/errors";
import { ofRequest } from "../errors/of-request";
import type { Turn } from "../http/alone";
import { nullWhenAbsent } from "../http/null-when-absent";
import type { Answer } from "../http/answer";
import { beforeSending } from "../http/before-sending";
import { checkCallOptions, type CallOptions } from "../http/options";
import { encodeBody } from "../http/request-body";
import { isRecord } from "../http/response-body";
import type { Api } from "./api";
import type { Page } from "../pagination/page";

interface Callable {
  readonly id: number;
  readonly phone_numbers: readonly { readonly value: string }[];
}

/** The rows of `contacts` that an upsert sends. */
export interface UpsertRows<Contact extends Callable, Fields extends object> {
  readonly get: (id: string, options: CallOptions) => Answer<Contact>;
  readonly search: (query: { phone_number: string }, options: CallOptions) => PromiseLike<Page<Contact>>;
  readonly newest: (options: CallOptions) => PromiseLike<Page<Contact>>;
  readonly create: (
    fields: Fields & { phone_numbers: { value: string }[] },
    options: CallOptions,
  ) => PromiseLike<Contact | undefined>;
  readonly update: (id: number, fields: Fields, options: CallOptions) => PromiseLike<Contact | undefined>;
}

const request = "POST /v1/contacts";
/** Aircall's search may miss a new contact for this long. */
const searchLagMs = 600_000;
/** Remembered in place of the contact's id while its POST is under way, or where the answer was lost. */
const beingMade = "being made";

/** Gives the contact with this number these fields, or makes one: one at a time for each number. */
export async function upsertByPhone<Contact extends Callable, Fields extends object>(
  http: Api,
  rows: UpsertRows<Contact, Fields>,
  [e164, fields, given]: [string, Fields, CallOptions],
): Promise<Contact> {
  const what = beforeSending(request, () => {
    checkCallOptions(given);
    if (!/^\+[1-9]\d{6,14}$/.test(String(e164))) throw new ArgumentError("The phone number must be in E.164.");
    return encodeBody(fields);
  });
  const { signal, ...options } = { ...given, cacheMs: 0 };
  const task = { key: `contact ${e164}`, what: what + JSON.stringify(options), signal };
  return http
    .alone(task, (turn) => upsert(rows, { e164, fields, turn, options: { ...options, signal: turn.signal } }))
    .catch((error: unknown) => {
      // An error without an outcome is of the lock: nothing was sent without it.
      const unsent = error instanceof AircallError && error.outcome === null;
      throw unsent ? ofRequest(error, request, "not_sent") : error;
    });
}

interface Wanted<Fields> {
  readonly e164: string;
  readonly fields: Fields;
  readonly turn: Turn;
  readonly options: CallOptions;
}

async function upsert<Contact extends Callable, Fields extends object>(
  rows: UpsertRows<Contact, Fields>,
  wanted: Wanted<Fields>,
): Promise<Contact> {
  const { fields, options, turn } = wanted;
  const found = await find(rows, wanted, await turn.memory.recall());
  if (!found) return create(rows, wanted);
  return hasFields(found, fields) ? found : ((await rows.update(found.id, fields, options)) ?? found);
}

async function find<Contact extends Callable>(
  rows: UpsertRows<Contact, never>,
  { e164, turn, options }: Wanted<object>,
  left: string | null,
): Promise<Contact | null> {
  if (left !== null && left !== beingMade) {
    const remembered = await nullWhenAbsent(rows.get(left, options));
    if (remembered && hasNumber(remembered, e164)) return remembered;
  }
  const { items } = await rows.search({ phone_number: e164 }, options);
  const found = items.find((contact) => hasNumber(contact, e164));
  if (found || left !== beingMade) return found ?? null;
  const made = (await rows.newest(options)).items.find((contact) => hasNumber(contact, e164));
  if (made) await turn.memory.remember(String(made.id), searchLagMs);
  return made ?? null;
}

/** The mark is left before the POST: it outlives a lost answer, and a memory that fails afterwards. */
async function create<Contact extends Callable, Fields extends object>(
  rows: UpsertRows<Contact, Fields>,
  wanted: Wanted<Fields>,
): Promise<Contact> {
  const { e164, fields, options } = wanted;
  const { memory } = wanted.turn;
  await memory.remember(beingMade, searchLagMs);
  try {
    const told = await rows.create({ ...fields, phone_numbers: [{ value: e164 }] }, options);
    const made = told ?? (await find(rows, wanted, beingMade));
    if (!made) throw new ConnectionError(request, "the answer was empty.");
    await memory.remember(String(made.id), searchLagMs).catch(() => undefined);
    return made;
  } catch (error) {
    const outcome = error instanceof AircallError ? error.outcome : "unknown";
    if (outcome !== "unknown") await memory.forget().catch(() => undefined);
    throw error;
  }
}

/** Phone numbers of contacts are written in many ways, also without their country code: there the end is compared. */
function hasNumber(contact: Callable, e164: string): boolean {
  return numbersOf(contact).some((written) => {
    const digits = written.replace(/\D/g, "").replace(/^0+/, "");
    if (/^\s*\+\s*[1-9]/.test(written)) return e164 === `+${digits}`;
    return digits.length >= 7 && e164.endsWith(digits);
  });
}

/** A contact may have been saved without numbers, or with one that is empty. */
function numbersOf(contact: unknown): string[] {
  const all = isRecord(contact) && contact["phone_numbers"];
  const values = Array.isArray(all) ? all.map((one: unknown) => isRecord(one) && one["value"]) : [];
  return values.filter((value) => typeof value === "string");
}

function hasFields(contact: object, fields: object): boolean {
  const known = new Map<string, unknown>(Object.entries(contact));
  return Object.entries(fields).every(([name, value]) => value === undefined || known.get(name) === value);
}
