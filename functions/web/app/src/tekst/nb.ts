// The source of all texts. nn and en have the same keys, or the build fails; what varies is a function.
export const nb = {
  spraak: 'Bokmål',
  hoppTil: 'Hopp til innholdet',
  tjeneste: 'Folkeregisteret for kommuner',
  laster: 'Henter …',
  lukk: 'Lukk',
  avbryt: 'Avbryt',
  proevIgjen: 'Prøv igjen',
  meny: { soek: 'Søk', rolle: 'Hva rollen ser', tastatur: 'Tastatur', tilgjengelighet: 'Tilgjengelighet', navigasjon: 'Hovedmeny', spraakvalg: 'Språk' },
  innlogging: {
    tittel: 'Logg inn',
    ingress: 'For ansatte i kommuner og fylkeskommuner som trenger opplysninger fra Folkeregisteret i arbeidet sitt.',
    knapp: 'Logg inn med ID-porten',
    loggUt: 'Logg ut',
    punkter: [
      'Du ser det tjenesteområdet ditt har hjemmel for, og ingenting annet.',
      'Hvert oppslag blir loggført før du får svar.',
      'Innbyggere kan få vite hvem som har sett opplysningene deres.',
    ],
    feil: {
      INNLOGGING_AVBRUTT: 'Innloggingen ble ikke fullført. Start på nytt.',
      INNLOGGING_UTILGJENGELIG: 'ID-porten svarer ikke nå. Prøv igjen om litt.',
    } as Record<string, string>,
    feilEllers: 'Innloggingen gikk ikke. Prøv igjen, eller kontakt brukerstøtte.',
    hoyere: (organisasjon: string) =>
      `${organisasjon} krever innlogging på nivå høyt. Logg inn på nytt med BankID, Buypass eller Commfides for å bruke rollene dine der.`,
    hoyereKnapp: 'Logg inn på nivå høyt',
  },
  rolle: {
    velg: 'Rolle',
    bytt: 'Bytt rolle',
    ingen: 'Du har ingen rolle som kan brukes til søk her. Be en administrator i organisasjonen om tilgang.',
    ikkeNaa: (navn: string) => `${navn} (kan ikke brukes nå)`,
    valgt: (rolle: string, organisasjon: string) => `Du bruker rollen ${rolle} i ${organisasjon}.`,
  },
  oekt: {
    utloepTittel: 'Du blir snart logget ut',
    utloep: (sekunder: number) => `Økten slutter om ${sekunder} sekunder, fordi ingenting har skjedd på en stund. Det du har skrevet, blir stående.`,
    senest: (sekunder: number) => `Økten slutter om ${sekunder} sekunder. Den kan ikke vare mer enn åtte timer. Det du har skrevet, blir stående.`,
    fortsett: 'Fortsett å jobbe',
    ferdigTittel: 'Du er logget ut',
    ferdig: 'Økten er utløpt. Logg inn igjen i et nytt vindu, og fortsett der du slapp. Det du har skrevet, står her fortsatt.',
    loggInnIgjen: 'Logg inn i nytt vindu',
    erInne: 'Jeg har logget inn igjen',
  },
  feil: {
    ukjent: 'Noe gikk galt.',
    nett: 'Vi får ikke kontakt med tjenesten. Sjekk nettet ditt, og prøv igjen.',
    register: 'Folkeregisteret svarer ikke nå. Det er ikke noe galt her; prøv igjen om litt.',
    oss: 'Tjenesten har problemer nå. Prøv igjen om litt.',
    finnesIkke: 'Denne siden finnes ikke.',
    tilSoek: 'Til søket',
    referanse: (id: string) => `Referanse ved henvendelse: ${id}`,
  },
};

export type Tekst = typeof nb;
