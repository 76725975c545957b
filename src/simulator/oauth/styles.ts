/** Of every page. The content security policy allows exactly this text. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #eef3f1; --card: #fff; --text: #14231f; --quiet: #566661; --line: #c9d5d1;
  --accent: #00795c; --on-accent: #fff; --tint: #e6f4ef; --focus: #1d4ed8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1614; --card: #17221f; --text: #e8f0ed; --quiet: #a3b3ae; --line: #3a4a45;
    --accent: #34c79d; --on-accent: #06231a; --tint: #1c332b; --focus: #93b4ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 1.5rem 1rem; background: var(--page); color: var(--text);
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 1rem;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main {
  width: 100%; max-width: 27rem; padding: 2rem; background: var(--card); border-radius: 1rem;
  border: 1px solid var(--line); box-shadow: 0 1rem 2.5rem rgb(10 40 30 / 0.08);
}
.badge {
  display: inline-block; margin: 0 0 1rem; padding: 0.15rem 0.7rem; border-radius: 1rem;
  background: var(--tint); color: var(--accent); font-size: 0.8125rem; font-weight: 600;
}
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
p { margin: 0 0 1.25rem; color: var(--quiet); }
main > p:last-child { margin-bottom: 0; }
dl { margin: 0 0 1.5rem; padding: 0.75rem 0; border: solid var(--line); border-width: 1px 0; font-size: 0.9375rem; }
dl div { display: flex; gap: 1rem; justify-content: space-between; padding: 0.2rem 0; }
dt { color: var(--quiet); white-space: nowrap; }
dd { margin: 0; font-weight: 500; overflow-wrap: anywhere; text-align: right; }
fieldset { margin: 0 0 1.5rem; padding: 0; border: 0; display: grid; gap: 0.6rem; }
legend { padding: 0; margin-bottom: 0.6rem; font-weight: 600; }
label {
  display: flex; gap: 0.8rem; align-items: center; padding: 0.8rem 1rem;
  border: 1px solid var(--line); border-radius: 0.7rem; cursor: pointer;
}
label:hover { border-color: var(--accent); }
label:has(:checked) { border-color: var(--accent); background: var(--tint); }
label:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
input { width: 1.15rem; height: 1.15rem; margin: 0; flex: none; accent-color: var(--accent); outline: 0; }
label strong, label small { display: block; }
label strong { font-weight: 600; }
small { color: var(--quiet); font-size: 0.875rem; }
.actions { display: flex; gap: 0.75rem; }
button {
  flex: 1; min-height: 2.9rem; padding: 0.6rem 1rem; border-radius: 0.7rem; cursor: pointer;
  border: 1px solid var(--line); background: transparent; color: var(--text); font: inherit; font-weight: 600;
}
button:hover { border-color: var(--accent); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover { filter: brightness(1.08); }
button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
footer { color: var(--quiet); font-size: 0.8125rem; text-align: center; }
@media (max-width: 26rem) {
  body { padding: 1rem 0.75rem; }
  main { padding: 1.5rem 1.25rem; }
  .actions { flex-direction: column; }
}
`;
