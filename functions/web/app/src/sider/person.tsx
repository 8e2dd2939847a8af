import { useEffect, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../api/klient';
import type { Faktum, Personside, Personsidegruppe } from '../api/schema';
import { Knapp, Lenke, Merke, Tittel } from '../ds';
import { Feilmelding } from '../feil';
import { dag, gruppert, tid } from '../format';
import { lagre } from '../nedlasting';
import { organisasjon, rolle, sesjon } from '../sesjon';
import { Overskrift } from '../side';
import { formaal, formaalHode, overstyringHode, overstyrt, svaret } from '../soek';
import { t, valgtSpraak } from '../tekst';
import { Begrunn } from './begrunn';
import { Overstyr } from './overstyr';
import { useInnhold } from './rolleinnhold';

/** One person, by a reference that is good for this role alone. What is not told is not here: not hidden, not there. */
export function Person({ referanse = '' }: { referanse?: string }) {
  const [side, setSide] = useState<Personside>();
  const [feil, setFeil] = useState<Feilet>();
  const [historikk, setHistorikk] = useState(false);
  const [grunn, setGrunn] = useState('');
  const id = rolle.value?.id ?? '';
  const { role, mangler } = useInnhold();
  const overstyring = overstyrt.value?.referanse === referanse ? overstyrt.value.grunn : undefined;

  const hent = () => {
    const left = new AbortController();
    setFeil(undefined);
    const body = { rolleId: id, referanse, historikk, spraak: valgtSpraak.value, formaal: formaal.value || undefined, bekreftelse: grunn || undefined, overstyring };
    svar(api.POST('/hjemmel/v1/personer/side', { body: body as never, signal: left.signal })).then(setSide, (e) => {
      if (!(e instanceof Feilet)) return;
      setSide(undefined);
      setFeil(e);
    });
    return () => left.abort();
  };
  useEffect(hent, [referanse, id, historikk, grunn, overstyring, valgtSpraak.value]);
  useEffect(() => setGrunn(''), [referanse, id]);

  const x = t.value.person;
  if (feil)
    return (
      <div className="ark">
        <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
        <Feilmelding feil={feil.kode === 'UGYLDIG_REFERANSE' ? new Feilet(400, feil.kode, x.annenRolle, '') : feil} igjen={hent} />
        <Overstyr feil={feil} role={role} gi={(why) => (overstyrt.value = { referanse, grunn: why })} />
        <Lenke href="/">{t.value.feil.tilSoek}</Lenke>
      </div>
    );
  if (!side) return <p role="status">{t.value.laster}</p>;
  return (
    <article className="ark person">
      <Linje side={side} />
      <div className="rad verktoey">
        {svaret.value && <Lenke href="/">{x.tilbake}</Lenke>}
        {role?.historikk && (
          <label className="rad">
            <input type="checkbox" role="switch" className="ds-input" checked={historikk} onChange={(e) => setHistorikk(e.currentTarget.checked)} />
            {x.historikk}
          </label>
        )}
        <span className="rad skyv">
          {role?.aapneGradert && !grunn && side.merker.some((m) => m.kode === 'fortrolig' || m.kode === 'klientadresse') && <Avdekk vis={setGrunn} />}
          <Knapp variant="secondary" onClick={() => print()}>
            {x.skrivUt}
          </Knapp>
          <Pdf referanse={referanse} />
        </span>
      </div>
      {mangler}
      <p className="bare-utskrift">
        {organisasjon.value?.navn} · {rolle.value?.navn} · {sesjon.value?.navn}
        {formaal.value && ` · ${formaal.value}`}
      </p>
      <section className="gruppe kontakt">
        <Tittel stoerrelse="2xs">{x.post}</Tittel>
        <p>{side.kontakt.tekst}</p>
        <Linjer linjer={side.postadresse} />
      </section>
      <div className="grupper">
        {side.grupper.map((g, i) => (
          <Gruppe key={g.kode} g={g} nr={i + 1} />
        ))}
      </div>
      <p className="dempet liten">{x.hentet(tid(side.hentet))}</p>
    </article>
  );
}

/** The bar that stays while the page is scrolled: who this is, and what must not be overlooked. */
function Linje({ side }: { side: Personside }) {
  const x = t.value.person;
  const own = side.grupper.flatMap((g) => g.fakta).flatMap((f) => f.felter).find((f) => f.kode === 'identifikasjonsnummer.foedselsEllerDNummer')?.verdi;
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(own!).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    });
  return (
    <div className="personlinje">
      <Overskrift vindu={x.tittel}>{side.navn || x.tittel}</Overskrift>
      {side.alder !== undefined && <span>{x.alder(side.alder)}</span>}
      {own && (
        <Knapp variant="tertiary" className="nummer" aria-label={`${x.kopier} ${gruppert(own)}`} onClick={copy}>
          {gruppert(own)}
        </Knapp>
      )}
      {side.merker.map((m) => (
        <Merke key={m.kode} farge={/trolig|klient/.test(m.kode) ? 'danger' : 'warning'}>
          {m.tekst}
        </Merke>
      ))}
      <span role="status" className="dempet">
        {copied && x.kopiert}
      </span>
    </div>
  );
}

function Gruppe({ g, nr }: { g: Personsidegruppe; nr: number }) {
  const x = t.value.person;
  return (
    <section className="gruppe" data-utenfor={!g.iRollen || undefined} aria-labelledby={`gruppe-${nr}`}>
      <Tittel id={`gruppe-${nr}`} tabIndex={-1} stoerrelse="2xs">
        {g.navn}
      </Tittel>
      {!g.iRollen && <p className="liten">{x.ikkeIRollen(rolle.value?.navn ?? '')}</p>}
      {g.iRollen && g.fakta.length === 0 && <p className="dempet">{x.tomt}</p>}
      {g.fakta.map((f, i) => (
        <Fakta key={i} f={f} i={g.navn} />
      ))}
      {g.tidligere.length > 0 && (
        <>
          <Tittel nivaa={3} stoerrelse="2xs">
            {x.tidligere}
          </Tittel>
          {g.tidligere.map((f, i) => (
            <Fakta key={i} f={f} i={g.navn} />
          ))}
        </>
      )}
      {g.iRollen && g.utenforRollen.length > 0 && <p className="dempet liten">{x.viserIkke(g.utenforRollen.map((u) => u.tekst).join(', '))}</p>}
    </section>
  );
}

/** A fact, by its name unless the group that it is in is called the same. */
function Fakta({ f, i: inside }: { f: Faktum; i: string }) {
  const x = t.value.person;
  const about = [f.fra && x.fra(dag(f.fra)), f.til && x.til(dag(f.til)), f.kilde && x.kilde(f.kilde)].filter(Boolean).join(' · ');
  return (
    <div className="faktum">
      {f.navn !== inside && <p className="faktumnavn">{f.navn}</p>}
      <Linjer linjer={f.linjer ?? []} />
      {f.felter.length > 0 && (
        <dl>
          {f.felter.map((felt, i) => (
            <div key={i}>
              <dt>{felt.navn}</dt>
              <dd>{felt.referanse ? <Lenke href={`/person/${felt.referanse}`}>{felt.tekst}</Lenke> : felt.tekst}</dd>
            </div>
          ))}
        </dl>
      )}
      {about && <p className="dempet liten">{about}</p>}
    </div>
  );
}

function Linjer({ linjer }: { linjer: string[] }) {
  return linjer.length === 0 ? null : (
    <address>
      {linjer.map((l) => (
        <span key={l}>{l}</span>
      ))}
    </address>
  );
}

/** Asks for a reason before a graded address is fetched. Until then it is not in the browser at all. */
function Avdekk({ vis }: { vis: (grunn: string) => void }) {
  const x = t.value.person;
  return <Begrunn tittel={x.vis} tekst={x.visTekst} bekreft={x.bekreft} farge="danger" gi={vis} />;
}

function Pdf({ referanse }: { referanse: string }) {
  const [feil, setFeil] = useState<Feilet>();
  const last = async () => {
    setFeil(undefined);
    try {
      const fiksOrgId = rolle.value!.fiksOrgId;
      const file = (await svar(
        api.POST('/register/api/v1/ks/personer/soek/{fiksOrgId}/pdf', {
          params: { path: { fiksOrgId }, header: { ...formaalHode(), ...overstyringHode(referanse) } },
          headers: { Accept: 'application/pdf', 'Accept-Language': valgtSpraak.value },
          body: { rolleId: rolle.value!.id, referanse } as never,
          parseAs: 'blob',
        }),
      )) as unknown as Blob;
      lagre(file, 'folkeregisteret.pdf');
    } catch (e) {
      if (e instanceof Feilet) setFeil(e);
    }
  };
  return (
    <>
      <Knapp variant="secondary" onClick={() => void last()}>
        {t.value.person.pdf}
      </Knapp>
      {feil && <Feilmelding feil={feil} />}
    </>
  );
}
