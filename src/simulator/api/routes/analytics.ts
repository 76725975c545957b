import { randomUUID } from "node:crypto";
import type { IRouter } from "express";
import { buildMs, presentExport, reportTold, writeReport } from "../../data/analytics-export";
import type { Company } from "../../data/company";
import type { Tell } from "../../data/happening";
import { happenIn } from "../../data/later";
import { exportFields } from "../analytics-fields";
import { ok, Refusal } from "../answers";
import { found, type AddEndpoint } from "../endpoint";

const needs = "analytics";
const path = "/v1/analytics/report/export";

/** What the reports' routes are told of the simulator; `now` in UNIX milliseconds. */
interface Settings {
  readonly now: () => number;
  readonly companies: readonly Company[];
  readonly tell: Tell;
}

export function addAnalyticsRoutes(app: IRouter, endpoint: AddEndpoint, { now, companies, tell }: Settings): void {
  endpoint(`POST ${path}`, { needs, body: exportFields }, ({ company, body: { input } }) => {
    const { relative, absoluteRange } = input.filter.dateFilter;
    if ((relative === undefined) === (absoluteRange === undefined)) {
      throw new Refusal(400, "input.filter.dateFilter must have exactly one of relative and absoluteRange");
    }
    const { reportName } = input;
    const exportName = input.exportOptions?.exportName ?? reportName.toLowerCase();
    const report = { exportID: randomUUID(), reportName, exportName, createdAt: now() };
    company.exports.push(report);
    happenIn(company, { seconds: buildMs / 1_000, now: now() }, () => {
      tell(company, { event: "analytics.report_created", data: reportTold(report, now()) });
    });
    return ok(presentExport(report, now()));
  });

  endpoint(`GET ${path}/:id`, { needs }, ({ req, company: { exports } }) => {
    const report = exports.find(({ exportID }) => exportID === req.params["id"]);
    return ok(presentExport(found(report, "export"), now()));
  });

  // As with recordings, who knows the address needs no credential.
  app.get("/exports/:id.csv", (req, res) => {
    const company = companies.find(({ exports }) => exports.some(({ exportID }) => exportID === req.params.id));
    if (Number(req.query["expires"]) <= now()) throw new Refusal(403, "This link has expired");
    res.type("csv").send(writeReport(found(company, "export")));
  });
}
