export interface Program {
  readonly name: string;
  /** Folder, project and result lie below the root. */
  readonly sources: string;
  readonly project: string;
  readonly built: string;
}

export function compileStale(root: string, programs: readonly Program[], say?: (line: string) => void): boolean;
