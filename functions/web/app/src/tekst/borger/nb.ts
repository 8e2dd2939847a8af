// The texts of the page where people see who has used information about them.
export const nb = {
  tittel: 'Hvem har hentet opplysninger om deg',
  ingress: 'Her står det når en kommune eller fylkeskommune har hentet opplysninger om deg fra Folkeregisteret, hva de skulle bruke dem til, og hvilken lov som gir dem rett til det. Det nyeste står først.',
  periode: 'Periode',
  perioder: { alt: 'De siste fem årene', aar: 'Det siste året', maaned: 'De siste 30 dagene' },
  antall: (n: number) => (n === 0 ? 'Ingenting å vise i denne perioden.' : n === 1 ? 'Opplysninger om deg er hentet én gang.' : `Opplysninger om deg er hentet ${n} ganger.`),
  liste: 'På en liste med andre',
  formaal: 'Brukes til',
  hjemler: 'Loven som gir rett til det',
  opplysninger: 'Slags opplysninger',
  ansatt: 'Hentet av',
  kjennetegn: (k: string) => `En ansatt eller et system med kjennetegnet ${k}`,
  systemet: 'Et system i organisasjonen',
  orgnr: 'Organisasjonsnummer',
  flere: 'Vis eldre',
  lurer: 'Lurer du på noe?',
  raad: [
    'Du får ikke se navnet på den ansatte. Den samme ansatte har det samme kjennetegnet hver gang i samme organisasjon.',
    'Spør organisasjonen om hvorfor opplysningene ble hentet. Oppgi tidspunktet og kjennetegnet.',
    'Mener du at noen har hentet opplysninger uten grunn? Skriv til organisasjonens personvernombud. Du kan også klage til Datatilsynet.',
  ],
};

export type Borgertekst = typeof nb;
