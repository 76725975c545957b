import request from "supertest";
import type { Simulator } from "express-aircall/simulator";

export type Api = ReturnType<typeof request.agent>;

/** Asks with a company's API key, by default the first one's. */
export function apiOf(simulator: Simulator, company = simulator.companies[0]): Api {
  return request.agent(simulator.url).auth(company.apiId, company.apiToken);
}

/** Asks as an app that the first company has connected. */
export function appOf(simulator: Simulator): Api {
  return request.agent(simulator.url).auth(simulator.issueToken().access_token, { type: "bearer" });
}
