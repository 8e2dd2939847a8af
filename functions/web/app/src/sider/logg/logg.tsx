import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { Loggfasetter, Logginnslag, Sesjonsorganisasjon } from '../../api/schema';
import { Felt, Knapp, Lenke, Tittel } from '../../ds';
import { Feilmelding } from '../../feil';
import { lagre } from '../../nedlasting';
import { dag, isoFra } from '../../format';
import { organisasjonerMed } from '../../funksjon';
import { nummerdom } from '../../nummer';
import { Overskrift } from '../../side';
import { t } from '../../tekst';
import { lt } from '../../tekst/logg';
import { Innslagsliste } from './innslag';
import { eksport, endelse, soekLogg, tomt, utvalg, type Avgrensning, type Format, type Skjema, type Utvalg } from './utvalg';

/** Who has seen this person, and what has this employee seen: for the privacy officer of an organisation. */
export function Logg() {
  const x = lt.value.soek;
  const all = organisasjonerMed('personvernombud', 'revisor');
  const [valgt, setValgt] = useState('');
  const org = all.find((o) => o.fiksOrgId === valgt) ?? all[0];
  return (
    <div className="ark">
      <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
      <p>{org ? x.ingress(org.navn) : x.ingenTilgang}</p>
      {org && <Lenke href="/innsynsregel">{x.innbyggere}</Lenke>}
      {all.length > 1 && (
        <div className="rad">
          {all.map((o) => (
            <Knapp key={o.fiksOrgId} variant="secondary" aria-pressed={o === org} onClick={() => setValgt(o.fiksOrgId)}>
              {o.navn}
            </Knapp>
          ))}
        </div>
      )}
      {org && <Innsyn key={org.fiksOrgId} org={org} />}
    </div>
  );
}

type Svaret = { treff: Logginnslag[]; neste?: string; fasetter?: Loggfasetter };

function Innsyn({ org }: { org: Sesjonsorganisasjon }) {
  const x = lt.value.soek;
  const [skjema, setSkjema] = useState<Skjema>(tomt);
  const [snevret, setSnevret] = useState<Avgrensning[]>([]);
  const [asked, setAsked] = useState<{ valg: Utvalg; grunn: string }>();
  const [svaret, setSvaret] = useState<Svaret>();
  const [leser, setLeser] = useState(false);
  const [feil, setFeil] = useState<Feilet>();
  const newest = useRef(0);
  const rollenavn = useRollenavn(org.fiksOrgId);

  const les = async (valg: Utvalg, grunn: string, had?: Svaret) => {
    const mine = ++newest.current;
    setLeser(true);
    setFeil(undefined);
    setAsked({ valg, grunn });
    if (!had) setSvaret(undefined);
    try {
      const got = await soekLogg(valg, grunn, had?.neste);
      if (mine !== newest.current) return;
      setSvaret(had ? { treff: [...had.treff, ...got.treff], neste: got.neste, fasetter: had.fasetter } : got);
    } catch (e) {
      if (e instanceof Feilet && mine === newest.current) setFeil(e);
    } finally {
      if (mine === newest.current) setLeser(false);
    }
  };
  const soek = (s: Skjema, a: Avgrensning[]) => {
    setSkjema(s);
    setSnevret(a);
    void les(utvalg(org.fiksOrgId, s, a), s.grunn);
  };
  const snevr = (a: Avgrensning) => soek(skjema, [...snevret.filter((b) => b.felt !== a.felt), a]);
  const alle = svaret && !svaret.neste;
  return (
    <>
      <Skjemaet skjema={skjema} sett={setSkjema} soek={() => soek(skjema, [])} />
      <div role="status">
        {leser ? (
          <p className="dempet">{x.leser}</p>
        ) : (
          svaret && <p className="antall">{svaret.treff.length === 0 ? (alle ? x.ingen : x.ikkeFunnetEnda) : x.antall(svaret.treff.length, alle === true)}</p>
        )}
      </div>
      {feil && <Feilmelding feil={feil} igjen={() => asked && void les(asked.valg, asked.grunn)} />}
      {snevret.length > 0 && (
        <div className="rad">
          <span>{x.avgrensninger}</span>
          {snevret.map((a) => (
            <Knapp key={a.felt} variant="secondary" aria-label={x.fjern(a.navn)} onClick={() => soek(skjema, snevret.filter((b) => b !== a))}>
              {a.navn} ×
            </Knapp>
          ))}
        </div>
      )}
      {svaret?.fasetter && <Fasetter f={svaret.fasetter} treff={svaret.treff} rollenavn={rollenavn} velg={snevr} />}
      {svaret && svaret.treff.length > 0 && (
        <Innslagsliste innslag={svaret.treff} rollenavn={rollenavn} velgAktor={(aktor, navn) => soek({ ...tomt, grunn: skjema.grunn }, [{ felt: 'aktor', verdi: aktor, navn }])} />
      )}
      {svaret?.neste && asked && (
        <Knapp variant="secondary" disabled={leser} onClick={() => void les(asked.valg, asked.grunn, svaret)}>
          {lt.value.innslag.flere}
        </Knapp>
      )}
      {svaret && svaret.treff.length > 0 && asked && <Eksport valg={asked.valg} grunn={asked.grunn} />}
    </>
  );
}

function useRollenavn(fiksOrgId: string) {
  const [names, setNames] = useState(new Map<string, string>());
  useEffect(() => {
    svar(api.GET('/register/api/v2/konfigurasjon/{fiksOrgId}/roller', { params: { path: { fiksOrgId } } })).then(
      (all) => setNames(new Map(all.map((r) => [r.id, r.navn]))),
      () => {}, // the id is shown
    );
  }, [fiksOrgId]);
  return (id: string) => names.get(id) ?? id;
}

function Skjemaet({ skjema, sett, soek }: { skjema: Skjema; sett: (s: Skjema) => void; soek: () => void }) {
  const x = lt.value.soek;
  const verdict = nummerdom(skjema.personidentifikator);
  const wrong = verdict === 'kontroll' || verdict === 'dato';
  const galDag = (navn: 'fra' | 'til') => skjema[navn].trim() !== '' && !isoFra(skjema[navn]);
  const felt = (navn: 'personidentifikator' | 'aktor' | 'fra' | 'til' | 'formaal' | 'grunn') => ({
    id: `logg-${navn}`,
    value: skjema[navn],
    onInput: (e: { currentTarget: HTMLInputElement }) => sett({ ...skjema, [navn]: e.currentTarget.value }),
  });
  return (
    <form
      className="soeket"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        if (!wrong && !galDag('fra') && !galDag('til')) soek();
      }}
    >
      <Felt {...felt('personidentifikator')} etikett={x.person} hint={x.personHint} inputMode="numeric" maxLength={20} melding={verdict && t.value.soek.nummer[verdict]} galt={wrong} />
      <Felt {...felt('aktor')} etikett={x.aktor} hint={x.aktorHint} maxLength={64} />
      <div className="rad">
        {(['fra', 'til'] as const).map((navn) => (
          <Felt
            key={navn}
            {...felt(navn)}
            etikett={x[navn]}
            hint={t.value.feltsoek.hint.foedselsdato}
            maxLength={20}
            melding={galDag(navn) ? t.value.feltsoek.galDato : undefined}
            galt={galDag(navn)}
          />
        ))}
      </div>
      <Felt {...felt('formaal')} etikett={x.formaal} maxLength={200} />
      <Felt {...felt('grunn')} etikett={x.grunn} hint={x.grunnHint} maxLength={200} />
      <label className="rad">
        <input type="checkbox" className="ds-input" checked={skjema.avdekket} onChange={(e) => sett({ ...skjema, avdekket: e.currentTarget.checked })} />
        {x.avdekket}
      </label>
      <Knapp type="submit">{x.knapp}</Knapp>
    </form>
  );
}

type FasettProps = { f: Loggfasetter; treff: Logginnslag[]; rollenavn: (id: string) => string; velg: (a: Avgrensning) => void };

/** What the hits are made of; each is a button that narrows to it. One value alone narrows nothing and is not shown. */
function Fasetter({ f, treff, rollenavn, velg }: FasettProps) {
  const x = lt.value;
  const navn: Record<Avgrensning['felt'], (v: string) => string> = {
    aktor: (v) => treff.find((e) => e.aktor === v)?.aktorNavn ?? v,
    handling: (v) => x.handling[v] ?? v,
    utfall: (v) => x.utfall[v] ?? v,
    rolle: rollenavn,
    dag,
  };
  // Not everything was counted: there may be entries of any action.
  const valg = f.fullstendig ? f : { ...f, handling: Object.keys(x.handling).map((verdi) => f.handling.find((v) => v.verdi === verdi) ?? { verdi, antall: undefined }) };
  const shown = (Object.keys(navn) as Avgrensning['felt'][]).filter((felt) => (valg[felt]?.length ?? 0) > 1);
  if (shown.length === 0) return null;
  return (
    <details open={treff.length > 10}>
      <summary>{x.soek.avgrens}</summary>
      <div className="ark">
        {shown.map((felt) => (
          <div key={felt} className="rad" role="group" aria-label={x.fasett[felt]}>
            <span className="faktumnavn">{x.fasett[felt]}</span>
            {valg[felt]!.map((v) => (
              <Knapp key={v.verdi} variant="tertiary" onClick={() => velg({ felt, verdi: v.verdi, navn: navn[felt](v.verdi) })}>
                {navn[felt](v.verdi)}
                {v.antall !== undefined && ` (${v.antall})`}
              </Knapp>
            ))}
          </div>
        ))}
      </div>
    </details>
  );
}

function Eksport({ valg, grunn }: { valg: Utvalg; grunn: string }) {
  const x = lt.value.eksport;
  const [format, setFormat] = useState<Format>('BEVISPAKKE');
  const [done, setDone] = useState(false);
  const [feil, setFeil] = useState<Feilet>();
  const last = async () => {
    setFeil(undefined);
    setDone(false);
    try {
      lagre(await eksport(valg, grunn, format), `logg.${endelse[format]}`);
      setDone(true);
    } catch (e) {
      if (e instanceof Feilet) setFeil(e);
    }
  };
  return (
    <section className="gruppe" aria-labelledby="eksport">
      <Tittel id="eksport" stoerrelse="2xs">
        {x.tittel}
      </Tittel>
      <p>{x.ingress}</p>
      <div className="rad rollevalg">
        <label htmlFor="format">{x.format}</label>
        <select id="format" className="ds-input" value={format} onChange={(e) => setFormat(e.currentTarget.value as Format)}>
          {(Object.keys(endelse) as Format[]).map((f) => (
            <option key={f} value={f}>
              {x.formater[f]}
            </option>
          ))}
        </select>
        <Knapp variant="secondary" onClick={() => void last()}>
          {x.knapp}
        </Knapp>
      </div>
      <p role="status">{done && x.ferdig}</p>
      {feil && <Feilmelding feil={feil} />}
    </section>
  );
}
