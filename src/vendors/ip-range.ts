import { quoted } from './quoted-value.js';

/** What is wrong with an IP range (`10.0.0.0/8`, `fd00::/8`) as Go's `netip.ParsePrefix` sees it, and what to do. */
export function ipRangeFault(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  const size = addressSize(slash < 0 ? text : text.slice(0, slash));
  if (slash >= 0 && size !== undefined && isPrefixLength(text.slice(slash + 1), size)) return undefined;
  const trimmed = text.trim();
  if (trimmed === '') return 'take away the comma that is too many';
  if (trimmed !== text && ipRangeFault(trimmed) === undefined) return `take away the space around ${trimmed}`;
  const own = addressSize(trimmed);
  if (own !== undefined) return `no prefix: write ${trimmed}/${own}`;
  return `${quoted(text)} is no IP range such as 10.0.0.0/8`;
}

/** How many bits an IP address has; undefined where the text is none. */
export function addressSize(text: string): 32 | 128 | undefined {
  if (isIPv4(text)) return 32;
  return isIPv6(text) ? 128 : undefined;
}

/** Go takes no leading zeros, which others read as octal. */
const isIPv4 = (text: string): boolean => /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text) && octetsFit(text);

const octetsFit = (text: string): boolean => text.split('.').every((octet) => Number(octet) <= 255);

/** Eight groups, or fewer around one `::`; the last two may be an IPv4 address. A zone has no place in a range. */
function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const endsInIPv4 = last.includes('.');
  if (endsInIPv4 && (!isIPv4(last) || text.endsWith('::'))) return false;
  const hexadecimal = endsInIPv4 ? groups.slice(0, -1) : groups;
  if (!hexadecimal.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  const count = hexadecimal.length + (endsInIPv4 ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

const isPrefixLength = (text: string, size: number): boolean => /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= size;
