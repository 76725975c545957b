/** One request, as far as the session goes that it came with. */
export interface Visit {
  /** Another request has ended this session or given it a new id: what this one would store or send is out of date. */
  leftBehind: boolean;
}

/** Which requests are under way in which session of one store, in this process. */
export interface Visits {
  begin(sessionId: string): Visit;
  end(sessionId: string, visit: Visit): void;
  /** `by` is about to leave the session: all others in it are left behind. Answers how to take that back. */
  leave(sessionId: string, by: Visit): () => void;
}

const visitsByStore = new WeakMap<object, Visits>();

/** The same for everybody who mounts this store. */
export function visitsOf(store: object): Visits {
  const visits = visitsByStore.get(store) ?? createVisits();
  visitsByStore.set(store, visits);
  return visits;
}

function createVisits(): Visits {
  const underWay = new Map<string, Set<Visit>>();

  return {
    begin(sessionId) {
      const visit = { leftBehind: false };
      underWay.set(sessionId, (underWay.get(sessionId) ?? new Set()).add(visit));
      return visit;
    },
    end(sessionId, visit) {
      const visits = underWay.get(sessionId);
      visits?.delete(visit);
      if (visits?.size === 0) underWay.delete(sessionId);
    },
    leave(sessionId, by) {
      by.leftBehind = false;
      const others = [...(underWay.get(sessionId) ?? [])].filter((visit) => visit !== by && !visit.leftBehind);
      for (const visit of others) visit.leftBehind = true;
      return () => others.forEach((visit) => (visit.leftBehind = false));
    },
  };
}
