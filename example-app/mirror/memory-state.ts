import { noFields, type Fields, type Follower, type SharedState, type Subject } from "./shared-state";

/** In this process, until it ends. */
export function memoryState(): SharedState {
  const companies = new Map<string, Record<Subject, Fields>>();
  const followers: Follower[] = [];

  function of(company: string): Record<Subject, Fields> {
    const known = companies.get(company) ?? noFields();
    companies.set(company, known);
    return known;
  }

  const state: SharedState = {
    load: (company) => Promise.resolve(structuredClone(of(company))),
    write(change) {
      const kept = of(change.company)[change.subject];
      for (const [field, text] of Object.entries(change.fields)) {
        if (text === null) kept.delete(field);
        else kept.set(field, text);
      }
      for (const { changed } of followers) changed(change);
      return Promise.resolve();
    },
    async writeOnce({ company, subject, field, text }) {
      const there = of(company)[subject].get(field);
      if (there !== undefined) return there;
      await state.write({ company, subject, fields: { [field]: text } });
      return text;
    },
    forget(company) {
      companies.delete(company);
      for (const { forgotten } of followers) forgotten(company);
      return Promise.resolve();
    },
    // Nobody else is there to hold it.
    lease: () => Promise.resolve(true),
    release: () => Promise.resolve(),
    follow: (follower) => void followers.push(follower),
    close: () => Promise.resolve(),
  };
  return state;
}
