import { positionOf } from '../manifests/position.js';
import type { Manifest } from '../manifests/read.js';
import { asRecord, asText, isRecord, type Json } from '../model/json.js';
import { type Path, type Problem, showPath } from '../model/problem.js';
import { parsePolicy } from '../policy/parse.js';
import { apiVersion } from '../policy/schema.js';
import { registry } from '../rules/registry.js';
import { type LoadedPolicy, readPolicy } from './policy-file.js';

/** The policy that a ResourceList brings along; undefined where it brings none. */
export function readFunctionConfig(list: Manifest): LoadedPolicy | undefined {
  const config = asRecord(list.value)['functionConfig'];
  if (config === undefined || config === null) return undefined;
  const kind = asText(asRecord(config)['kind']);
  if (isRecord(config) && kind === 'Policy') return readInline(list, config);
  // What kpt sends where nobody has configured anything is a ConfigMap without data.
  if (isRecord(config) && kind === 'ConfigMap') return readData(list, asRecord(config['data']));
  const expected = `expected a Policy (${apiVersion}), or a ConfigMap with one under data.policy`;
  return wrong(list, [{ path: [], message: `${expected}, got ${kind || 'something else'}` }]);
}

/** Orchestrators put annotations of their own on it, which are no part of a policy. */
function readInline(list: Manifest, config: Json): LoadedPolicy {
  const { annotations: _, labels: __, ...metadata } = asRecord(config['metadata']);
  const parsed = parsePolicy({ ...config, metadata }, registry);
  return 'value' in parsed ? { policy: parsed.value, text: '' } : wrong(list, parsed.problems);
}

function readData(list: Manifest, data: Json): LoadedPolicy | undefined {
  const unknown = Object.keys(data).filter((key) => key !== 'policy');
  if (unknown.length > 0) {
    const message = 'expected nothing but policy, which is the text of one';
    return wrong(
      list,
      unknown.map((key) => ({ path: ['data', key], message })),
    );
  }
  return data['policy'] === undefined ? undefined : readPolicy('functionConfig.data.policy', asText(data['policy']));
}

function wrong(list: Manifest, problems: readonly Problem[]): LoadedPolicy {
  return {
    problems: problems.map(({ path, message }) => {
      const at: Path = ['functionConfig', ...path];
      const { line, column } = positionOf(list, at);
      return `${list.file}:${line}:${column} ${showPath(at)}: ${message}`;
    }),
  };
}
