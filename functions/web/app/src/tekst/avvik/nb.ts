// The texts of the page where what looks like misuse is looked at. The reasons come from the functions in three languages.
export const nb = {
  tittel: 'Mulig misbruk',
  ingress: (organisasjon: string) =>
    `Innslag i loggen som bør ses på i ${organisasjon}, det eldste først. Et avvik er et spørsmål, ikke en dom. Det som gjelder deg selv, er ikke med. To personer må være enige før et avvik lukkes.`,
  aapne: 'Åpne',
  lukkede: 'Lukkede',
  antall: (n: number, mer: boolean) => (n === 0 ? 'Ingenting å se på.' : mer ? `De ${n} første` : n === 1 ? 'Ett avvik' : `${n} avvik`),
  flere: 'Vis flere',
  hvem: 'Ansatt',
  person: 'Person (kode)',
  requestId: 'Forespørsel i loggen',
  tattAv: (hvem: string) => `${hvem} ser på det.`,
  status: { AAPENT: 'Åpent', TATT: 'Tatt', FORESLAATT: 'Venter på en til', LUKKET: 'Lukket' },
  ta: 'Ta det',
  foreslaa: 'Foreslå å lukke',
  foreslaaTekst: 'En annen må bekrefte forslaget. Begrunnelsen står i loggen.',
  konklusjon: 'Konklusjon',
  konklusjoner: { TJENSTLIG: 'Tjenstlig behov', BRUDD: 'Brudd', IKKE_AVKLART: 'Ikke avklart' },
  begrunnelse: 'Begrunnelse',
  forslag: (hvem: string, naar: string) => `Foreslått av ${hvem} ${naar}`,
  lukket: (hvem: string, naar: string) => `Bekreftet av ${hvem} ${naar}`,
  bekreft: 'Bekreft og lukk',
  bekreftTekst: (konklusjon: string) => `Avviket lukkes med konklusjonen «${konklusjon}». Er du uenig, lag et nytt forslag.`,
  dinEgen: 'Du har foreslått dette. En annen må bekrefte.',
};

export type Avvikstekst = typeof nb;
