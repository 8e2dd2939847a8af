import type { Avvikstekst } from './nb';

export const nn: Avvikstekst = {
  tittel: 'Mogleg misbruk',
  ingress: (organisasjon) =>
    `Innslag i loggen som bør sjåast på i ${organisasjon}, det eldste først. Eit avvik er eit spørsmål, ikkje ein dom. Det som gjeld deg sjølv, er ikkje med. To personar må vere samde før eit avvik blir lukka.`,
  aapne: 'Opne',
  lukkede: 'Lukka',
  antall: (n, mer) => (n === 0 ? 'Ingenting å sjå på.' : mer ? `Dei ${n} første` : n === 1 ? 'Eitt avvik' : `${n} avvik`),
  flere: 'Vis fleire',
  hvem: 'Tilsett',
  person: 'Person (kode)',
  requestId: 'Førespurnad i loggen',
  tattAv: (hvem) => `${hvem} ser på det.`,
  status: { AAPENT: 'Ope', TATT: 'Teke', FORESLAATT: 'Ventar på ein til', LUKKET: 'Lukka' },
  ta: 'Ta det',
  foreslaa: 'Foreslå å lukke',
  foreslaaTekst: 'Ein annan må stadfeste forslaget. Grunngivinga står i loggen.',
  konklusjon: 'Konklusjon',
  konklusjoner: { TJENSTLIG: 'Tenestleg behov', BRUDD: 'Brot', IKKE_AVKLART: 'Ikkje avklart' },
  begrunnelse: 'Grunngiving',
  forslag: (hvem, naar) => `Foreslått av ${hvem} ${naar}`,
  lukket: (hvem, naar) => `Stadfesta av ${hvem} ${naar}`,
  bekreft: 'Stadfest og lukk',
  bekreftTekst: (konklusjon) => `Avviket blir lukka med konklusjonen «${konklusjon}». Er du usamd, lag eit nytt forslag.`,
  dinEgen: 'Du har foreslått dette. Ein annan må stadfeste.',
};
