import type { Application } from "express";

/** A part of a page, such as `board/row`, as HTML. */
export function renderPart(app: Application, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    app.render(view, locals, (error, html) => (error ? reject(error) : resolve(html)));
  });
}
