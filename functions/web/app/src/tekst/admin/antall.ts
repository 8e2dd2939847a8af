/** Numbers with their words, without those that are zero: 2 personer, 1 integrasjon. */
export const antall = (...av: [n: number, en: string, flere: string][]) =>
  av.flatMap(([n, en, flere]) => (n > 0 ? `${n} ${n === 1 ? en : flere}` : [])).join(', ');
