/** An IP address: its number, how many bits that has, and how it is written canonically. */
export type Address = { readonly bits: 32 | 128; readonly value: bigint; readonly text: string };

/** An IP address without brackets, or nothing where the text is none. */
export const parseAddress = (text: string): Address | undefined => parseIpv4(text) ?? parseIpv6(text);

/** Whether a list entry of `spec.addresses`, an address or a CIDR block, contains an address. */
export function blockContains(block: string, address: Address): boolean {
  const [start = '', length] = block.split('/');
  const base = parseAddress(start);
  if (base === undefined || base.bits !== address.bits) return false;
  const prefix = length === undefined ? base.bits : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > base.bits) return false;
  const rest = BigInt(base.bits - prefix);
  return base.value >> rest === address.value >> rest;
}

function parseIpv4(text: string): Address | undefined {
  // Leading zeros are octal to some and decimal to others; Go, and so Istio, takes neither.
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const octets = text.split('.').map(Number);
  if (octets.some((octet) => octet > 255)) return undefined;
  return { bits: 32, value: octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n), text };
}

function parseIpv6(text: string): Address | undefined {
  if (!/^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [before = '', after] = canonical.split('::');
  const [head, tail] = [groupsOf(before), groupsOf(after ?? '')];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0n);
  return {
    bits: 128,
    value: [...head, ...zeros, ...tail].reduce((value, group) => (value << 16n) | group, 0n),
    text: canonical,
  };
}

const groupsOf = (text: string): readonly bigint[] =>
  text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`));
