import { sidetekst } from '../side';
import { nb } from './nb';

export const bt = sidetekst(nb, { nn: async () => (await import('./nn')).nn, en: async () => (await import('./en')).en });
