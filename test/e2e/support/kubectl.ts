import { execFile } from 'node:child_process';
import type { RunFolder } from './run-folder.js';

/** What a run of kubectl came to. */
export type Said = { readonly code: number; readonly out: string; readonly err: string };

/** kubectl, as a user types it; throws where it fails, unless the caller looks at the code itself. */
export type Kubectl = {
  (args: readonly string[], input?: string): Promise<string>;
  readonly attempt: (args: readonly string[], input?: string) => Promise<Said>;
  /** What `-o json` shows. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
  readonly json: (args: readonly string[], input?: string) => Promise<any>;
};

export function createKubectl(program: string, folder: RunFolder, kubeconfig: string): Kubectl {
  const attempt = (args: readonly string[], input = ''): Promise<Said> =>
    new Promise((resolve) => {
      const child = execFile(
        program,
        ['--kubeconfig', kubeconfig, ...args],
        { env: { PATH: process.env['PATH'], HOME: folder.path }, maxBuffer: 64 * 1024 * 1024 },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
      child.stdin?.end(input);
    });
  const run = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, out, err } = await attempt(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${err.trim()}`);
    return out;
  };
  return Object.assign(run, {
    attempt,
    json: async (args: readonly string[], input?: string) => JSON.parse(await run([...args, '-o', 'json'], input)),
  });
}
