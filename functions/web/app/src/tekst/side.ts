import { effect, signal, type Signal } from '@preact/signals';
import { valgtSpraak } from '.';

type Andre<T> = Record<'nn' | 'en', () => Promise<T>>;

/** The texts of pages that few go to, in the chosen language: bokmål comes with the page, the other two when they are chosen. */
export function sidetekst<T>(nb: T, andre: Andre<T>): Signal<T> {
  const texts = signal(nb);
  effect(() => {
    const s = valgtSpraak.value;
    void (s === 'nb' ? Promise.resolve(nb) : andre[s]()).then((got) => {
      if (s === valgtSpraak.value) texts.value = got;
    });
  });
  return texts;
}
