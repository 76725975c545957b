import { setTimeout as sleep } from "node:timers/promises";
import { companyIn, startManyCompanies } from "./companies";
import { figuresOf, tally, type Figures } from "./figures";
import { onStage, personIn, pick, type Answer, type Person, type Stage } from "./stage";
import type { WorkerSettings } from "./workers";

export interface KeyCounts {
  readonly grants: WorkerSettings["grants"];
  readonly processes: number;
}

/** Whose company a tenant's is was decided where it came from, and nowhere in the app. */
interface Tenant {
  readonly person: Person;
  readonly company: number;
}

const atOnce = 100;
/** Of keys: far from what consents count. */
const firstKey = 1_000_001;

/** K1: two companies brought keys, one signed in, in one app; each asks which company it is while the others do. */
export async function askByKeyAndOAuth({ requests, ...counts }: KeyCounts & { readonly requests: number }) {
  return onTenantsStage(counts, async (stage) => {
    const signedIn = await signIn(stage, "oauth");
    const tenants = [signedIn, await bringKey(stage, firstKey), await bringKey(stage, firstKey + 1)];
    const answers: Answer[] = [];
    const mixedUp: Answer[] = [];
    const ask = async () => {
      const { person, company } = pick(tenants);
      const answer = await stage.ask(pick(stage.workers), person, "/company");
      answers.push(answer);
      if (answer.status === 200 && companyIn(answer) !== company) mixedUp.push(answer);
    };
    while (answers.length < requests) await Promise.all(Array.from({ length: atOnce }, ask));
    const failed = answers.filter(({ status }) => status !== 200);
    const tried = `2 by key, 1 by OAuth, ${answers.length} requests, ${counts.processes} processes`;
    return figuresOf(stage, { tried, lost: mixedUp.length, answers, also: tally(failed) });
  });
}

/** L1 for keys: a company's key is ended while its requests are under way. Afterwards nothing may work with it. */
export async function endKeysInARace({ ends, ...counts }: KeyCounts & { readonly ends: number }) {
  return onTenantsStage(counts, async (stage) => {
    const answers: Answer[] = [];
    const undone: Answer[] = [];
    for (let n = 0; n < ends; n += 1) {
      const { person } = await bringKey(stage, firstKey + n);
      const anyone = (path: string, method?: "POST") => stage.ask(pick(stage.workers), person, path, method);
      const reading = Array.from({ length: 8 }, async () => {
        await sleep(Math.random() * 20);
        return anyone("/company");
      });
      await sleep(Math.random() * 20);
      answers.push(await anyone("/key/end", "POST"), ...(await Promise.all(reading)));
      const after = await Promise.all(stage.workers.map((worker) => stage.ask(worker, person, "/company")));
      undone.push(...after.filter(({ code }) => code !== "not_connected"));
    }
    const tried = `${ends} keys ended, ${counts.processes} processes`;
    return figuresOf(stage, { tried, lost: undone.length, answers, also: tally(undone) });
  });
}

export interface StoreFault {
  /** Answers what ends it. */
  readonly begin: (stage: Stage) => Promise<() => unknown>;
  readonly faultMs: number;
  /** Everybody has to bring their key again. */
  readonly forgets?: boolean;
}

/** D for keys: tenants go on asking while the store fails, and afterwards. */
export async function failUnderKeys(counts: KeyCounts & StoreFault): Promise<Figures> {
  const { begin, faultMs, forgets, processes } = counts;
  return onTenantsStage(counts, async (stage) => {
    const connect = () => Promise.all([bringKey(stage, firstKey), bringKey(stage, firstKey + 1)]);
    let tenants: readonly Tenant[] = await connect();
    const asked: Promise<Answer & { readonly company: number }>[] = [];
    const ask = ({ person, company }: Tenant, worker = pick(stage.workers)) =>
      stage.ask(worker, person, "/company").then((answer) => ({ ...answer, company }));
    const timer = setInterval(() => asked.push(ask(pick(tenants)), ask(pick(tenants))), 25);
    const end = await begin(stage);
    await sleep(faultMs);
    await end();
    clearInterval(timer);

    const endedAt = performance.now();
    for (let served = false; !served; await sleep(50)) {
      if (performance.now() - endedAt > 15_000) break;
      if (forgets) tenants = await connect().catch(() => tenants);
      const all = stage.workers.flatMap((worker) => tenants.map((tenant) => ask(tenant, worker)));
      served = (await Promise.all(all)).every(({ status }) => status === 200);
    }
    const normalAfterMs = Math.round(performance.now() - endedAt);
    const answers = await Promise.all(asked);
    const good = answers.filter(({ status }) => status === 200);
    const nameless = answers.filter(({ status, code }) => status === 0 || code === "unnamed");
    const tried = `the store fails for ${faultMs / 1_000} s under ${processes} processes, keys`;
    return figuresOf(stage, {
      tried,
      lost: good.filter((answer) => companyIn(answer) !== answer.company).length,
      answers,
      also: {
        "without a name": nameless.length,
        ...tally(answers.filter(({ status }) => status !== 200)),
        "normal after ms": normalAfterMs,
      },
    });
  });
}

async function onTenantsStage<T>({ grants, processes }: KeyCounts, play: (stage: Stage) => Promise<T>): Promise<T> {
  return onStage({ provider: await startManyCompanies(), processes, grants, tenants: true }, play);
}

/** Of this company, whose id the key says. */
async function bringKey(stage: Stage, company: number): Promise<Tenant> {
  const person = { cookie: "", grantId: "", tenant: `tenant-${company}` };
  const key = new URLSearchParams({ user: "id", password: `k-${company}-0` });
  const { status, text } = await stage.ask(pick(stage.workers), person, `/key?${key.toString()}`, "POST");
  if (status !== 200) throw new Error(`A key was not taken: ${status} ${text}`);
  return { person, company };
}

async function signIn(stage: Stage, tenant: string): Promise<Tenant> {
  const [worker] = stage.workers;
  const { browser, callbackPath } = await stage.begin(worker, tenant);
  await stage.visit(worker!, browser, callbackPath, tenant);
  return { person: { ...personIn(browser, ""), tenant }, company: 1 };
}
