import { useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Rolleinnhold } from '../api/schema';
import { Felt, Knapp, Merke, Varsel } from '../ds';
import { Feilmelding } from '../feil';
import { alder, dag, gruppert } from '../format';
import { nummerdom } from '../nummer';
import { loggInn, rolle, sesjon } from '../sesjon';
import { Overskrift } from '../side';
import { aapnet, feil, feltene, formaal, rad, soek, soeker, svaret, tekst } from '../soek';
import { t } from '../tekst';
import { IngenTreff } from './ingen-treff';
import { Overstyr } from './overstyr';
import { useInnhold } from './rolleinnhold';

type Feltsoek = typeof import('./feltsoek').Feltsoek;

export function Hjem() {
  const { role, mangler } = useInnhold();
  const find = useFinn();
  const far = sesjon.value?.organisasjoner.filter((o) => o.kreverHoyere) ?? [];
  return (
    <div className="ark">
      <Overskrift vindu={t.value.meny.soek}>{t.value.soek.tittel}</Overskrift>
      {far.map((o) => (
        <Varsel key={o.fiksOrgId} slag="warning">
          <p>{t.value.innlogging.hoyere(o.navn)}</p>
          <Knapp onClick={() => loggInn('hoyt')}>{t.value.innlogging.hoyereKnapp}</Knapp>
        </Varsel>
      ))}
      {rolle.value ? <Skjema role={role} /> : <p>{t.value.rolle.ingen}</p>}
      {mangler}
      {rolle.value && <Felter role={role} />}
      <div role="status">
        {soeker.value ? <p className="dempet">{t.value.soek.soeker}</p> : svaret.value && <p className="antall">{t.value.soek.treff(svaret.value.personer.length)}</p>}
      </div>
      {feil.value && <Feilmelding feil={feil.value} igjen={() => void soek()} />}
      {feil.value && nummerdom(tekst.value) && <Overstyr feil={feil.value} role={role} gi={(grunn) => void find(grunn)} />}
      {svaret.value && <Treff role={role} />}
    </div>
  );
}

/** Searches, and goes straight to the one person that a number stands for. */
function useFinn() {
  const { route } = useLocation();
  return async (overstyring?: string) => {
    await soek(undefined, overstyring);
    const only = svaret.value?.personer;
    if (nummerdom(tekst.value) && only?.length === 1) route(`/person/${only[0]!.referanse}`);
  };
}

function Skjema({ role }: { role?: Rolleinnhold }) {
  const x = t.value.soek;
  const verdict = nummerdom(tekst.value);
  const find = useFinn();
  const wants = role && role.formaal !== '';
  return (
    <form
      className="soeket"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        if (tekst.value.trim()) void find();
      }}
    >
      <Felt
        id="soek"
        etikett={x.felt}
        hint={x.hint}
        value={tekst.value}
        maxLength={200}
        onInput={(e) => (tekst.value = e.currentTarget.value)}
        melding={verdict && x.nummer[verdict]}
        galt={verdict === 'kontroll' || verdict === 'dato'}
      />
      {wants && (
        <Felt
          id="formaal"
          etikett={x.formaal}
          hint={role.formaal === 'PAAKREVD' ? x.formaalKreves : undefined}
          value={formaal.value}
          maxLength={200}
          onInput={(e) => (formaal.value = e.currentTarget.value)}
        />
      )}
      <Knapp type="submit">{x.knapp}</Knapp>
    </form>
  );
}

/** The fields, fetched when they are first shown. */
function Felter({ role }: { role?: Rolleinnhold }) {
  const [form, setForm] = useState<{ Feltsoek: Feltsoek }>();
  useEffect(() => {
    if (feltene.value) void import('./feltsoek').then(setForm);
  }, [feltene.value]);
  return (
    <details open={feltene.value} onToggle={(e) => (feltene.value = e.currentTarget.open)}>
      <summary id="feltsoek">{t.value.feltsoek.tittel}</summary>
      {feltene.value && role && form && <form.Feltsoek role={role} rolleId={rolle.value!.id} />}
    </details>
  );
}

function Treff({ role }: { role?: Rolleinnhold }) {
  const x = t.value.soek;
  const { forstaatt, personer } = svaret.value!;
  const back = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    back.current?.focus();
    back.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <section aria-label={x.treff(personer.length)} className="treff">
      {forstaatt && <p>{x.forstaatt(forstaatt.tekst)}</p>}
      {forstaatt?.merknader.map((m) => (
        <p key={m} className="dempet">
          {m}
        </p>
      ))}
      {forstaatt && forstaatt.alternativer.length > 0 && (
        <div className="rad">
          <span>{x.andre}</span>
          {forstaatt.alternativer.map((a) => (
            <Knapp key={a.tekst} variant="secondary" onClick={() => void soek(a.kriterier)}>
              {a.tekst}
            </Knapp>
          ))}
        </div>
      )}
      {personer.length === 0 ? (
        <IngenTreff role={role} />
      ) : (
        <ul className="treffliste">
          {personer.map((p) => {
            const r = rad(p.folkeregisterperson);
            return (
              <li key={p.referanse}>
                <a href={`/person/${p.referanse}`} ref={p.referanse === aapnet.referanse ? back : undefined} onClick={() => (aapnet.referanse = p.referanse)}>
                  <span className="navn">{r.navn || gruppert(p.foedselsEllerDNummer)}</span>
                  {r.foedt && <span>{x.foedt(dag(r.foedt), alder(r.foedt))}</span>}
                  {r.adresse && <span className="dempet">{r.adresse}</span>}
                  {r.status && r.status !== 'bosatt' && <Merke>{r.status}</Merke>}
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
