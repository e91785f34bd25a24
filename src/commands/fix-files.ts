import type { InputProblem, ReviewedRun } from '../reports/reviewed.js';
import { type Fix, filesOf, planFix } from './fix-text.js';
import { createPatchFinder, type FindPatcher } from './inputs/kustomize-patches.js';
import { commit, findTarget, type Staged, stage, type Target } from './replace-file.js';

/** A file's new text, and the file as it is on disk. */
export type PlannedFix = Fix & { readonly target: Target };

/** What a run can write into its files; and which files it has to leave alone, and why. */
export async function planFixes({ manifests, problems }: Pick<ReviewedRun, 'manifests' | 'problems'>) {
  const fixes: PlannedFix[] = [];
  const refused: InputProblem[] = [];
  const broken = new Set(problems.map(({ file }) => file));
  const patcherOf = createPatchFinder();
  for (const read of filesOf(manifests)) {
    const planned = planFix(read);
    if (planned === undefined) continue;
    const found = 'message' in planned ? planned : await check(planned, broken, patcherOf);
    if ('message' in found) refused.push({ ...found, message: `not fixed: ${found.message}` });
    // A file may have been named twice, also by a link.
    else if (!fixes.some(({ target }) => target.path === found.target.path)) fixes.push(found);
  }
  return { fixes, refused };
}

async function check(
  fix: Fix,
  broken: ReadonlySet<string>,
  patcherOf: FindPatcher,
): Promise<PlannedFix | InputProblem> {
  const { file } = fix;
  if (broken.has(file)) return { file, message: 'a part of it cannot be read' };
  const target = await findTarget(file, fix.before);
  if ('problem' in target) return { file, message: target.problem };
  const patcher = await patcherOf(target.path);
  if (patcher !== undefined) return { file, message: `it is a patch in ${patcher}: fix what it is a patch of` };
  return { ...fix, target };
}

/** Writes the new texts, the first only after all of them are on disk; and tells which files could not be replaced. */
export async function writeFixes(fixes: readonly PlannedFix[]) {
  const fixed: PlannedFix[] = [];
  const refused: InputProblem[] = [];
  const staged: { readonly fix: PlannedFix; readonly new: Staged }[] = [];
  const refuse = ({ file }: PlannedFix, problem: string) => refused.push({ file, message: `not fixed: ${problem}` });
  for (const fix of fixes) {
    const made = await stage(fix.target, fix.after);
    if ('problem' in made) refuse(fix, made.problem);
    else staged.push({ fix, new: made });
  }
  for (const { fix, new: made } of staged) {
    const problem = await commit(made);
    if (problem === undefined) fixed.push(fix);
    else refuse(fix, problem);
  }
  return { fixed, refused };
}
