import request from "supertest";

type App = Parameters<typeof request.agent>[0];

/** A browser at one app: keeps its cookies and visits pages as a person does, following nothing by itself. */
export function createBrowser(app: App) {
  const agent = request.agent(app);

  return {
    agent,
    visit: (path: string) => agent.get(path).set(navigation),
    submit: (path: string) => agent.post(path).set({ ...navigation, "Sec-Fetch-Site": "same-origin" }),
  };
}

export type Browser = ReturnType<typeof createBrowser>;

/** What browsers say of themselves when a person follows a link. */
const navigation = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", Accept: "text/html" };

/** The path and query of an absolute address, to visit it in the same browser. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}
