/** Of the page that shows what the simulator received. The content security policy allows exactly this text. */
export const statusStyles = `
:root {
  color-scheme: light dark;
  --page: #eef3f1; --card: #fff; --text: #14231f; --quiet: #566661; --line: #d5dfdc;
  --accent: #00795c; --tint: #e6f4ef; --focus: #1d4ed8;
  --good: #00694f; --moved: #1d4ed8; --wrong: #9a4a00; --broken: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1614; --card: #17221f; --text: #e8f0ed; --quiet: #a3b3ae; --line: #2f3e39;
    --accent: #34c79d; --tint: #1c332b; --focus: #93b4ff;
    --good: #4fd3ab; --moved: #93b4ff; --wrong: #f0a955; --broken: #ff8a7d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 2rem 1.5rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
.wrap { max-width: 70rem; margin: 0 auto; display: grid; gap: 1.25rem; }
#live { display: grid; gap: 1.25rem; min-width: 0; }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: baseline; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin: 0 0 0.75rem; font-size: 1.0625rem; }
header p { margin: 0; color: var(--quiet); }
#state { margin-left: auto; font-size: 0.875rem; }
.card { min-width: 0; padding: 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; }
.figures { display: grid; grid-template-columns: repeat(5, 1fr); gap: 1rem; margin: 0; }
.figures div { padding: 0.9rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; }
.figures dt { color: var(--quiet); font-size: 0.875rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.3; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem; }
summary { font-weight: 600; font-size: 1.0625rem; cursor: pointer; border-radius: 0.3rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
details p { margin: 0.75rem 0 0.4rem; color: var(--quiet); font-size: 0.9375rem; }
pre {
  margin: 0; padding: 0.8rem 1rem; background: var(--tint); border-radius: 0.6rem; user-select: all;
  white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
details ul { margin: 0; padding: 0; list-style: none; font-size: 0.9375rem; }
li code { margin-right: 0.5rem; user-select: all; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
th { padding: 0 0.75rem 0.4rem 0; color: var(--quiet); font-size: 0.8125rem; font-weight: 500; text-align: left; }
td { padding: 0.4rem 0.75rem 0.4rem 0; border-top: 1px solid var(--line); vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
code { font: 0.875rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 3.6rem; color: var(--quiet); }
.number, time { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.quiet, time { color: var(--quiet); }
.status { font-weight: 600; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .moved { color: var(--moved); } .wrong { color: var(--wrong); } .broken { color: var(--broken); }
meter { width: 100%; max-width: 12rem; height: 0.9rem; vertical-align: -0.1rem; }
.budgets td:nth-child(2) { width: 40%; }
.empty { margin: 0; color: var(--quiet); }
.why { display: block; color: var(--quiet); overflow-wrap: anywhere; font-size: 0.8125rem; font-weight: 400; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; margin: 0 0 0.75rem; }
form:last-child { margin: 0; }
input, select, button {
  padding: 0.35rem 0.6rem; border: 1px solid var(--line); border-radius: 0.5rem; max-width: 100%;
  background: var(--card); color: var(--text); font: inherit; font-size: 0.9375rem;
}
button { cursor: pointer; border-color: var(--accent); color: var(--accent); font-weight: 600; }
input[type=number] { width: 5rem; }
.copy { margin-top: 0.5rem; }
.faults form, .again form { justify-content: flex-end; }
.again { width: 1%; white-space: nowrap; }
.off { margin: 0 0 0.75rem; color: var(--broken); font-size: 0.9375rem; }
footer { color: var(--quiet); font-size: 0.8125rem; }
@media (max-width: 46rem) {
  body { padding: 1.25rem 0.9rem; }
  .card { padding: 1rem; }
  #state { margin-left: 0; flex-basis: 100%; }
  .figures { grid-template-columns: repeat(2, 1fr); gap: 0.75rem; }
  .figures div:first-child { grid-column: 1 / -1; }
  .pair { grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
  meter { display: block; }
  .budgets td { vertical-align: top; }
  .method { min-width: 2.9rem; }
  .requests thead { display: none; }
  .requests tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 0.75rem; padding: 0.5rem 0; border-top: 1px solid var(--line); }
  .requests td { padding: 0; border: 0; }
  .requests .when, .requests .who { order: 1; font-size: 0.8125rem; }
  .requests .when { order: 2; text-align: right; }
  .requests .status { text-align: right; }
  .requests .with { display: none; }
  .deliveries .again { order: 3; grid-column: 1 / -1; width: auto; padding-top: 0.25rem; }
}
`;
