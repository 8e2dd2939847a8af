import { useState } from 'preact/hooks';
import { api, Feilet, svar } from '../api/klient';
import type { Antall, Kriterier, Rolleinnhold } from '../api/schema';
import { Felt, Knapp } from '../ds';
import { Avkryssing, Valg } from '../ds/skjema';
import { Feilmelding } from '../feil';
import { dagFra } from '../format';
import { felter, formaalHode, soek } from '../soek';
import { t, valgtSpraak } from '../tekst';

/** Text fields, by the register's names for what the role may search by. */
const skrevet = ['navn', 'foedselsdato', 'foedselsaarFraOgMed', 'foedselsaarTilOgMed', 'adressenavn', 'husnummer', 'bruksenhetsnummer', 'postnummer', 'kommunenummer'] as const;
const krysset = ['soekFonetisk', 'inkluderDoede', 'inkluderOppholdsadresse', 'opplysningsgrunnlag'] as const;
const hele = (s?: string) => (s?.trim() ? Number(s) : undefined);

/** What the fields say. What is empty does not narrow. */
function kriterier(f: Record<string, string>): Kriterier {
  const fraAar = hele(f.foedselsaarFraOgMed);
  const tilAar = hele(f.foedselsaarTilOgMed);
  const on = (kode: string) => f[kode] === 'ja' || undefined;
  return {
    navn: f.navn?.trim() || undefined,
    foedselsdato: dagFra(f.foedselsdato ?? '') || undefined,
    foedt: fraAar || tilAar ? { fraAar, tilAar } : undefined,
    kjoenn: f.kjoenn || undefined,
    adressenavn: f.adressenavn?.trim() || undefined,
    husnummer: f.husnummer?.trim() || undefined,
    bruksenhetsnummer: f.bruksenhetsnummer?.trim().toUpperCase() || undefined,
    postnummer: f.postnummer?.trim() || undefined,
    kommunenummer: f.kommunenummer?.trim() || undefined,
    soekFonetisk: on('soekFonetisk'),
    inkluderDoede: on('inkluderDoede'),
    inkluderOppholdsadresse: on('inkluderOppholdsadresse'),
    inkluderHistoriskeNavnOgAdresser: on('opplysningsgrunnlag'),
  };
}

const sett = (kode: string, verdi: string) => (felter.value = { ...felter.value, [kode]: verdi });

/** The search with a field for each thing that the role may search by, and how many fit before anybody is shown. */
export function Feltsoek({ role, rolleId }: { role: Rolleinnhold; rolleId: string }) {
  const x = t.value.feltsoek;
  const f = felter.value;
  const [antall, setAntall] = useState<Antall>();
  const [feil, setFeil] = useState<Feilet>();
  const navn = (kode: string) => {
    const n = role.soekeparametre.find((p) => p.kode === kode)?.navn;
    return n && (n[valgtSpraak.value] || n.nb);
  };
  const galDato = Boolean(f.foedselsdato?.trim()) && !dagFra(f.foedselsdato!);
  const tell = () => {
    setAntall(undefined);
    setFeil(undefined);
    svar(api.POST('/hjemmel/v1/soek/antall', { body: { rolleId, ...kriterier(f) } as never, params: { header: formaalHode() } })).then(setAntall, (e) => e instanceof Feilet && setFeil(e));
  };
  const kan = krysset.filter((k) => navn(k) && (k !== 'opplysningsgrunnlag' || role.historikk));
  return (
    <form
      className="felter"
      aria-label={x.tittel}
      onInput={() => setAntall(undefined)}
      onSubmit={(e) => {
        e.preventDefault();
        if (!galDato) void soek(kriterier(f));
      }}
    >
      {skrevet.map((kode) => {
        const etikett = navn(kode);
        return (
          etikett && (
            <Felt
              key={kode}
              id={`felt-${kode}`}
              etikett={etikett}
              hint={x.hint[kode]}
              value={f[kode] ?? ''}
              maxLength={200}
              inputMode={/aar|nummer$/.test(kode) && !/hus|bruks/.test(kode) ? 'numeric' : undefined}
              melding={kode === 'foedselsdato' && galDato ? x.galDato : undefined}
              galt={kode === 'foedselsdato' && galDato}
              onInput={(e) => sett(kode, e.currentTarget.value)}
            />
          )
        );
      })}
      {navn('kjoenn') && <Valg id="felt-kjoenn" etikett={navn('kjoenn')!} valg={x.kjoenn} value={f.kjoenn ?? ''} onChange={(e) => sett('kjoenn', e.currentTarget.value)} />}
      {kan.length > 0 && (
        <Avkryssing
          tittel={x.ogsaa}
          valg={kan.map((k) => [k, navn(k)!] as const)}
          valgt={kan.filter((k) => f[k] === 'ja')}
          velg={(v) => kan.forEach((k) => sett(k, v.includes(k) ? 'ja' : ''))}
        />
      )}
      <div className="rad">
        <Knapp type="submit" aria-label={x.soek}>
          {t.value.soek.knapp}
        </Knapp>
        <Knapp variant="secondary" disabled={galDato} onClick={tell}>
          {t.value.soek.antall}
        </Knapp>
        <Knapp variant="tertiary" onClick={() => (felter.value = {})}>
          {x.toem}
        </Knapp>
      </div>
      <p role="status" className="antall">
        {antall && t.value.soek.omtrent(antall.fra, antall.til)}
      </p>
      {feil && <Feilmelding feil={feil} />}
    </form>
  );
}
