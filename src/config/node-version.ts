const needed = [20, 19] as const;

/** Said as the package is loaded: on an older Node the first request would fail, with an error about something else. */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return;
  throw new Error(`express-aircall needs Node ${needed.join(".")} or later; this is Node ${version}.`);
}

requireNode(process.versions.node);
