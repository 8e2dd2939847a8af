import { signal } from '@preact/signals';
import { nb, type Tekst } from './nb';

export type Spraak = 'nb' | 'nn' | 'en';
export type { Tekst };

/** The languages by their own names, in the order of the choice. */
export const spraak: Record<Spraak, string> = { nb: 'Bokmål', nn: 'Nynorsk', en: 'English' };

export const valgtSpraak = signal<Spraak>('nb');

/** The texts in the chosen language. Read it while rendering: `t.value.meny.soek`. */
export const t = signal<Tekst>(nb);

const hent: Record<Spraak, () => Promise<Tekst>> = {
  nb: async () => nb,
  nn: async () => (await import('./nn')).nn,
  en: async () => (await import('./en')).en,
};

const key = 'spraak'; // a choice of language is all that the browser stores

/** The saved choice, or else what the browser prefers among the three, or else bokmål. */
function oensket(): Spraak {
  const saved = localStorage.getItem(key);
  const wishes = [saved ?? '', ...navigator.languages].map((l) => l.toLowerCase().split('-')[0]);
  for (const wish of wishes) {
    if (wish === 'nn' || wish === 'en' || wish === 'nb') return wish;
    if (wish === 'no') return 'nb';
  }
  return 'nb';
}

export async function settSpraak(valg: Spraak = oensket(), husk = false) {
  t.value = await hent[valg]();
  valgtSpraak.value = valg;
  document.documentElement.lang = valg;
  if (husk) localStorage.setItem(key, valg);
}
