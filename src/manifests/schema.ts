import { type ScalarTag, Schema } from 'yaml';

const nullTag: ScalarTag = {
  identify: (value) => value === null,
  tag: 'tag:yaml.org,2002:null',
  default: true,
  test: /^(?:~|null|Null|NULL)?$/,
  resolve: () => null,
  stringify: ({ source }) => source ?? 'null',
};

const boolTag: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[yYnN]|[yY]es|YES|[nN]o|NO|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF)$/,
  resolve: (source) => /^(?:y|t|on)/i.test(source),
  stringify: ({ source, value }) => source ?? String(value),
};

const floatTag: ScalarTag = {
  identify: (value) => typeof value === 'number',
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?(?:0[xX]_*[\da-fA-F][\da-fA-F_]*|0[oO]_*[0-7][0-7_]*|0[bB]_*[01][01_]*|\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?\d[\d_]*)?|\.\d+(?:[eE][-+]?\d+)?)|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: numberOf,
  stringify: ({ source, value }) => source ?? String(value),
};

/**
 * How kubectl reads plain scalars, which is how go-yaml v2 does (`goyaml.v2/resolve.go` of sigs.k8s.io/yaml): YAML 1.1
 * booleans and octals, yet neither timestamps nor sexagesimal numbers, which stay strings.
 */
export const kubernetesSchema = new Schema({
  schema: 'failsafe',
  customTags: [nullTag, boolTag, floatTag, intTag()],
  merge: true,
});

/** Only for an explicit `!!int`: without a tag, `floatTag` reads every number. */
function intTag(): ScalarTag {
  return { ...floatTag, tag: 'tag:yaml.org,2002:int', default: false };
}

function numberOf(source: string): number {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const size = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : sizeOf(digits);
  return source.startsWith('-') ? 0 - size : size;
}

const sizeOf = (digits: string): number => (/^\.inf$/i.test(digits) ? Number.POSITIVE_INFINITY : Number(digits));
