/** How Go's `strconv.ParseBool` reads a text; undefined where it gives an error. */
export function parseGoBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}

/** Whether Go's `strconv.ParseUint` reads a text as a number of no more than so many. */
export const isUnsigned = (text: string, most: number): boolean => /^\d+$/.test(text) && Number(text) <= most;

/** How Go's `time.ParseDuration` reads a text, in milliseconds; undefined where it gives an error. */
export function parseGoDuration(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!/^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let milliseconds = 0;
  for (const [, size = '', unit = ''] of text.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    milliseconds += Number(size) * (unitSizes[unit] ?? 0);
  }
  return text.startsWith('-') ? -milliseconds : milliseconds;
}

const unitSizes: Readonly<Record<string, number>> = {
  ns: 0.000_001,
  us: 0.001,
  µs: 0.001,
  μs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Whether a text is a quantity of Kubernetes (`100m`, `128Mi`), by `resource.ParseQuantity`. */
export const isQuantity = (text: string): boolean =>
  /^[+-]?(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d+)$/.test(text.trim());
