import { stringify } from 'yaml';
import { isRecord } from '../model/json.js';

/** A value as YAML; words that YAML 1.1 reads as something else are in quotes. */
export const asYaml = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });

/** Two values as texts in which the same members come in the same order, so that only what differs is different. */
export function sideBySide(expected: unknown, got: unknown): { readonly expected: string; readonly got: string } {
  return { expected: asYaml(expected), got: asYaml(inOrderOf(expected, got)) };
}

function inOrderOf(model: unknown, value: unknown): unknown {
  if (Array.isArray(model) && Array.isArray(value)) return value.map((item, index) => inOrderOf(model[index], item));
  if (!isRecord(model) || !isRecord(value)) return value;
  const first = Object.keys(model).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !Object.hasOwn(model, key));
  return Object.fromEntries([...first, ...others].map((key) => [key, inOrderOf(model[key], value[key])]));
}
