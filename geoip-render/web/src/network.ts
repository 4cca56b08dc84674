// Addresses within a network, such as 203.0.113.0/24 or 2001:db8::/32.

export interface Network {
  /** Whether a text holds an address of the network. */
  isIn(text: string): boolean;
}

/** The network that a query names, or null. */
export function networkOf(query: string): Network | null {
  const match = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(query.trim());
  const base = match && bitsOf(match[1]);
  if (!base) return null;
  const length = Number(match[2]);
  if (length > base.width) return null;
  const shift = BigInt(base.width - length);
  const prefix = base.bits >> shift;
  const pattern = base.width === 32 ? /\d{1,3}(?:\.\d{1,3}){3}/g : /[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/gi;
  return {
    isIn: (text) =>
      (text.match(pattern) ?? []).some((word) => {
        const address = bitsOf(word);
        return address?.width === base.width && address.bits >> shift === prefix;
      }),
  };
}

/** The bits of an address in its usual notation, or null. */
export function bitsOf(text: string): { bits: bigint; width: 32 | 128 } | null {
  if (!text.includes(":")) {
    const parts = text.split(".");
    if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
      return null;
    }
    return { bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n), width: 32 };
  }
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return { bits: groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n), width: 128 };
}
