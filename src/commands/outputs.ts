import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** A format, and the file that gets it; without a file, standard output. */
export type Output<F extends string> = { readonly format: F; readonly file?: string };

/** For `--output format` and `--output format=file`, which may be repeated. */
export const parseOutput =
  <F extends string>(formats: readonly F[]) =>
  (text: string, others: readonly Output<F>[] = []): readonly Output<F>[] => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
    const format = formats.find((known) => known === name);
    if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${formats.join(', ')}.`);
    if (file === '') throw new InvalidArgumentError(`expected a file after "${name}="`);
    if (others.some((other) => pathOf(other.file) === pathOf(file))) {
      const where = file === undefined ? 'standard output' : file;
      throw new InvalidArgumentError(`${where} can hold one report only: give the others a file, as in ${name}=report`);
    }
    return [...others, { format, ...(file === undefined ? {} : { file }) }];
  };

const pathOf = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(file));
