import { nounsIn, resourceFiles } from "./resource-files";

describe("a resource", () => {
  it("writes each route once", () => {
    const twice = resourceFiles().flatMap(({ file, text }) => writtenTwice(text).map((route) => `${file}: ${route}`));
    expect(twice).toEqual([]);
  });

  it("passes over no argument of a request", () => {
    const gaps = resourceFiles().flatMap(({ file, text }) => gapsIn(text).map((request) => `${file}: ${request}`));
    expect(gaps).toEqual([]);
  });

  it("takes five and a half lines for a row at most, comments included", () => {
    const nouns = resourceFiles().flatMap(({ text }) => nounsIn(text));
    const lines = nouns.reduce((sum, noun) => sum + noun.lines, 0);
    const rows = nouns.reduce((sum, noun) => sum + noun.rows.length, 0);
    expect(rows).toBeGreaterThan(90);
    expect(lines / rows).toBeLessThan(5.5);
  });

  it("is found out", () => {
    expect(writtenTwice("route`GET /v1/tags`; route`GET /v1/a/${b}`; route`GET /v1/a/${c}`")).toEqual([
      "GET /v1/a/:id",
    ]);
    expect(gapsIn('http.send<Tag>(to, "tag", undefined, tag); walk(http, all, undefined); f(undefined)')).toHaveLength(
      2,
    );
  });
});

function writtenTwice(text: string): string[] {
  const routes = [...text.matchAll(/route`([^`]*)`/g)].map(([, path = ""]) => path.replace(/\$\{\w+\}/g, ":id"));
  return routes.filter((route, index) => routes.indexOf(route) !== index);
}

function gapsIn(text: string): string[] {
  return text.match(/\b(?:http\.\w+|walk|sendConfirmed)(?:<[^(]*>)?\([^;]*?[(,]\s*undefined\s*[,)]/g) ?? [];
}
