// What can be said of an identity number while it is typed. The rules are those of the register, with the looser
// first check digit from 2032; the server judges again.
export type Nummerdom = 'riktig' | 'syntetisk' | 'dnummer' | 'kontroll' | 'dato';

/** The verdict on a text of eleven digits, however they are grouped; undefined for any other text. */
export function nummerdom(text: string): Nummerdom | undefined {
  const digits = text.replace(/[\s.-]/g, '');
  if (!/^\d{11}$/.test(digits)) return undefined;
  const d = [...digits].map(Number);
  const sum = (weights: number[]) => weights.reduce((s, w, i) => s + w * (d[i] ?? 0), 0) % 11;
  const day = Number(digits.slice(0, 2)) % 40;
  const month = Number(digits.slice(2, 4)) % 40;
  if (day < 1 || day > 31 || month < 1 || month > 12) return 'dato';
  if (sum([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) > 3 || sum([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) !== 0) return 'kontroll';
  if (Number(digits.slice(2, 4)) > 80) return 'syntetisk';
  return Number(digits.slice(0, 2)) > 40 ? 'dnummer' : 'riktig';
}
